import { AuditError } from '../errors.js';

/** Everything an audit asks for; SELECT only for another database than 0. */
const RULES = '+scan +type +pttl +memory|usage +info +select ~*';

type Explanation = readonly [test: RegExp, sentence: string];

const BY_MESSAGE: readonly Explanation[] = [
  [/^NOAUTH/, 'asks for a password: write it into the URL, redis://user:password@host:6379/0'],
  [/^WRONGPASS|invalid password/, 'refused the user name or password in the URL'],
  [
    /^NOPERM.*\bkeys?\b/,
    `lets this user see only some keys: use --match, or allow them: ACL SETUSER … ${RULES}`,
  ],
  [/unknown command .?memory/i, 'does not know MEMORY USAGE: version 4 or newer is needed'],
  [/DB index is out of range/, 'does not have the database that the URL names'],
  [/^LOADING/, 'is still loading its data: try again later'],
  [/All sentinels/, 'could not be found: no Sentinel in the URL answered with the address of that master'],
  [/[Ss]ocket timeout|[Cc]ommand timed out/, 'stopped answering: see --timeout-ms'],
  [/Connection is closed|closed state|ECONNRESET|EPIPE/, 'closed the connection (does it want rediss://?)'],
  [/wrong version number|packet length too long/, 'does not speak TLS: use redis://'],
  [/certificate|self-signed/, 'has a certificate that is not trusted: see --ca-file'],
];

const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'is not there: the connection was refused',
  ENOTFOUND: 'is not there: the host name is unknown',
  EAI_AGAIN: 'is not there: the host name could not be looked up',
  EHOSTUNREACH: 'is not there: no route to the host',
  ENETUNREACH: 'is not there: no route to the network',
  ETIMEDOUT: 'did not answer in time: see --timeout-ms, or try rediss:// instead of redis:// or the reverse',
};

/** One sentence for a person, about the Redis at `label`. */
export function explain(error: unknown, label: string): AuditError {
  if (error instanceof AuditError) return error;
  return new AuditError(`Redis at ${label} ${sentenceFor(error)}.`, { cause: error });
}

function sentenceFor(error: unknown): string {
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  const denied = /^NOPERM.*'(?<command>[^']+)' command/.exec(message)?.groups?.command;
  if (denied !== undefined) {
    return `does not let this user run ${denied.replace('|', ' ').toUpperCase()}: allow +${denied}, or all that is needed: ACL SETUSER … ${RULES}`;
  }
  const known = BY_MESSAGE.find(([test]) => test.test(message))?.[1];
  return known ?? BY_CODE[code] ?? `answered: ${message.replace(/\.$/, '')}`;
}

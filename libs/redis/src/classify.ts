import { DeadlineExceededError } from './redis.errors.js';

/** Why a call got no answer from Redis. */
export type FailureReason =
  /** No connection: never made, or closed before the command was sent. */
  | 'not-connected'
  /** The connection closed while the command was under way. */
  | 'connection-lost'
  | 'deadline'
  /** The breaker is open: nothing was sent. */
  | 'breaker-open'
  | 'readonly'
  | 'oom'
  | 'no-replicas'
  /** A MISCONF: the server refuses writes because it cannot persist them. */
  | 'cannot-persist'
  | 'loading'
  /** A script that does not end keeps the server from everybody else. */
  | 'busy'
  | 'master-down'
  | 'unauthorized'
  | 'max-clients'
  | 'protocol'
  /** The key holds another type: this key's trouble, not the server's. */
  | 'wrong-type'
  /** The server answered with some other error. */
  | 'rejected';

/** What a failure says about the next call: nothing, that writes will fail, or that everything will. */
export type Breaks = 'nothing' | 'writes' | 'everything' | 'if-repeated';

const breaks: Record<FailureReason, Breaks> = {
  'not-connected': 'everything',
  'connection-lost': 'everything',
  deadline: 'if-repeated',
  'breaker-open': 'nothing',
  readonly: 'writes',
  oom: 'writes',
  'no-replicas': 'writes',
  'cannot-persist': 'writes',
  loading: 'everything',
  busy: 'everything',
  'master-down': 'everything',
  unauthorized: 'everything',
  'max-clients': 'everything',
  protocol: 'everything',
  'wrong-type': 'nothing',
  rejected: 'nothing',
};

/** How far a failure reaches; the breaker's only table. */
export function breaksWhat(reason: FailureReason): Breaks {
  return breaks[reason];
}

/** Whether a failure is about one connection rather than about the server behind it. */
export function isConnectionTrouble(reason: FailureReason): boolean {
  return reason === 'not-connected' || reason === 'connection-lost';
}

// The first word of an error reply is its code. Scripts wrap it: "ERR ... -READONLY ...", so it is looked for anywhere.
const replyCodes: readonly (readonly [RegExp, FailureReason])[] = [
  [/\bREADONLY\b/, 'readonly'],
  [/\bOOM\b/, 'oom'],
  [/\bNOREPLICAS\b/, 'no-replicas'],
  [/\bMISCONF\b/, 'cannot-persist'],
  [/\bLOADING\b/, 'loading'],
  [/^BUSY\b/, 'busy'],
  [/\bMASTERDOWN\b/, 'master-down'],
  [/\b(NOAUTH|WRONGPASS|NOPERM)\b/, 'unauthorized'],
  [/max number of clients/i, 'max-clients'],
  [/\bWRONGTYPE\b/, 'wrong-type'],
];

const lostMessages = /Connection is closed|Command aborted|ECONNRESET|EPIPE|Socket timeout|Socket closed/i;
const absentMessages = /isn't writeable|sentinels are unreachable|ETIMEDOUT|Stream connection ended/i;

/**
 * Names the reason of an ioredis failure.
 *
 * @returns `undefined` for an error that is not Redis's: a bug in the caller must stay one.
 */
export function classify(error: unknown): FailureReason | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof DeadlineExceededError) return 'deadline';
  if (error.name === 'ReplyError') {
    return replyCodes.find(([code]) => code.test(error.message))?.[1] ?? 'rejected';
  }
  if (error.name === 'ParserError' || /Protocol error|Unknown RESP type/.test(error.message))
    return 'protocol';
  if (/Command timed out|Blocking command timed out/.test(error.message)) return 'deadline';
  if (error.name === 'MaxRetriesPerRequestError' || lostMessages.test(error.message))
    return 'connection-lost';
  if (absentMessages.test(error.message) || isSystemError(error)) return 'not-connected';
  return undefined;
}

function isSystemError(error: Error): boolean {
  return (
    'syscall' in error ||
    ('code' in error && /^E[A-Z]+$|^(ERR_TLS|CERT_|DEPTH_|UNABLE_)/.test(String(error.code)))
  );
}

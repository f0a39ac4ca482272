import { readFileSync } from 'node:fs';
import { type RedisOptions } from 'ioredis';
import { UsageError } from '../errors.js';

/** A Redis to look at. */
export interface Target {
  /** Where it is, without user name and password. */
  readonly label: string;
  readonly database: number;
  /** Address and credentials; the database is selected apart, because ioredis goes on when that fails. */
  readonly options: RedisOptions;
}

const FORMS = 'redis://host:6379/0, rediss://host:6379/0 or redis-sentinel://host:26379,host:26379/0#master';
const URL_SHAPE =
  /^(?<scheme>[a-z-]+):\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?#]+)(?:\/(?<database>\d*))?(?:\?[^#]*)?(?:#(?<master>\S+))?$/;

/** @throws UsageError that repeats neither user name nor password. */
export function parseTarget(url: string, caFile?: string): Target {
  const { scheme = '', user, password, hosts = '', database, master } = URL_SHAPE.exec(url)?.groups ?? {};
  if (/^rediss?-cluster$/.test(scheme)) {
    throw new UsageError('redis-cluster:// is not supported: look at each node by its own redis:// URL.');
  }
  if (!/^rediss?(-sentinel)?$/.test(scheme)) throw new UsageError(`Not a Redis URL: expected ${FORMS}.`);
  const tls = scheme.startsWith('rediss') ? { ...(caFile !== undefined && { ca: pem(caFile) }) } : undefined;
  const credentials = {
    ...(user && { username: decoded(user) }),
    ...(password && { password: decoded(password) }),
  };
  const options = scheme.endsWith('-sentinel')
    ? sentinelOptions({ hosts, master, credentials, tls })
    : { ...hostAndPort(hosts, 6379), ...credentials, ...(tls && { tls }) };
  return {
    label: master === undefined ? hosts : `${hosts}#${master}`,
    database: Number(database || 0),
    options,
  };
}

interface SentinelParts {
  readonly hosts: string;
  readonly master: string | undefined;
  readonly credentials: { username?: string; password?: string };
  readonly tls: { ca?: string } | undefined;
}

/** The Sentinels are asked with the same credentials as the master. */
function sentinelOptions({ hosts, master, credentials, tls }: SentinelParts): RedisOptions {
  if (master === undefined) throw new UsageError(`A Sentinel URL ends in #master: expected ${FORMS}.`);
  const { username, password } = credentials;
  return {
    sentinels: hosts.split(',').map((host) => hostAndPort(host, 26379)),
    name: master,
    ...credentials,
    ...(username !== undefined && { sentinelUsername: username }),
    ...(password !== undefined && { sentinelPassword: password }),
    ...(tls && { tls, sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}

function hostAndPort(text: string, defaultPort: number) {
  const { host, port = defaultPort } =
    /^\[?(?<host>(?<=\[)[\da-f:.]+(?=\])|[\w.-]+)\]?(?::(?<port>\d{1,5}))?$/i.exec(text)?.groups ?? {};
  if (host === undefined || Number(port) > 65_535) {
    throw new UsageError(`Not a host and port in the URL: expected ${FORMS}.`);
  }
  return { host, port: Number(port) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new UsageError('User name and password in a URL are percent-encoded: write % as %25.', { cause });
  }
}

function pem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`The CA certificate cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

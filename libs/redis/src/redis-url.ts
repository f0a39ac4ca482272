import type { RedisOptions } from 'ioredis';
import type { ConnectionOptions } from 'node:tls';

/** Where a group lives: one server, or a master that Sentinels name. */
export type RedisTopology =
  | { readonly kind: 'standalone'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly { readonly host: string; readonly port: number }[];
      readonly masterName: string;
    };

/** A parsed group URL. */
export interface RedisAddress {
  readonly topology: RedisTopology;
  readonly database: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls: boolean;
}

/** The URL names no Redis that Trivet can use; the message says what to write instead, without the URL's secrets. */
export class RedisUrlError extends Error {
  readonly code = 'REDIS_URL_INVALID';
  override readonly name = 'RedisUrlError';
}

const schemes = /^(redis|rediss|redis-sentinel|rediss-sentinel):\/\//;
const expected =
  'expected redis://host:6379/0, rediss://host:6379/0 or redis-sentinel://h1:26379,h2:26379,h3:26379/0#master';

/**
 * Parses `redis://`, `rediss://`, `redis-sentinel://` and `rediss-sentinel://` URLs.
 *
 * @throws {RedisUrlError} for anything else; `redis-cluster://` gets a sentence of its own.
 */
export function parseRedisUrl(url: string): RedisAddress {
  if (url.startsWith('redis-cluster://')) {
    throw new RedisUrlError(
      'redis-cluster:// is not supported: tags and scripts span keys. Use a standalone or Sentinel Redis for each group.',
    );
  }
  const scheme = schemes.exec(url)?.[1];
  if (!scheme) throw new RedisUrlError(`Not a Redis URL: ${expected}.`);

  const { userInfo, hosts, path, fragment } = split(url.slice(scheme.length + 3));
  const database = Number(path || '0');
  if (!Number.isInteger(database) || database < 0) {
    throw new RedisUrlError('The path of a Redis URL is its database number, e.g. /0.');
  }
  return {
    ...userInfo,
    database,
    tls: scheme.startsWith('rediss'),
    topology: scheme.endsWith('sentinel') ? sentinelTopology(hosts, fragment) : standaloneTopology(hosts),
  };
}

function split(rest: string) {
  const [beforeFragment = '', fragment = ''] = rest.split('#');
  const [authority = '', path = ''] = (beforeFragment.split('?')[0] ?? '').split('/');
  const at = authority.lastIndexOf('@');
  const [username, ...password] = at < 0 ? [] : authority.slice(0, at).split(':');
  return {
    userInfo: {
      ...(username ? { username: decodeURIComponent(username) } : {}),
      ...(password.length ? { password: decodeURIComponent(password.join(':')) } : {}),
    },
    hosts: authority.slice(at + 1).split(','),
    path,
    fragment,
  };
}

function standaloneTopology(hosts: readonly string[]): RedisTopology {
  if (hosts.length !== 1) {
    throw new RedisUrlError(`A redis:// URL names one host; for several use redis-sentinel://. ${expected}.`);
  }
  return { kind: 'standalone', ...hostAndPort(hosts[0] ?? '', 6379) };
}

function sentinelTopology(hosts: readonly string[], masterName: string): RedisTopology {
  if (!masterName) {
    throw new RedisUrlError(`A redis-sentinel:// URL ends in #name, the name of the master. ${expected}.`);
  }
  return { kind: 'sentinel', sentinels: hosts.map((host) => hostAndPort(host, 26379)), masterName };
}

function hostAndPort(text: string, defaultPort: number) {
  const match = /^(\[[^\]]+\]|[^:[\]]+)(?::(\d+))?$/.exec(text);
  const port = Number(match?.[2] ?? defaultPort);
  if (!match?.[1] || port < 1 || port > 65_535) throw new RedisUrlError(`Not a host and port: ${expected}.`);
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

/** The ioredis options that reach this address. `ca` is the PEM text of the authority of a `rediss` URL. */
export function addressOptions(address: RedisAddress, ca?: string): RedisOptions {
  const { topology, username, password } = address;
  const tls: ConnectionOptions | undefined = address.tls ? (ca ? { ca } : {}) : undefined;
  const credentials = { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  const common = { db: address.database, ...credentials, ...(tls ? { tls } : {}) };
  if (topology.kind === 'standalone') return { ...common, host: topology.host, port: topology.port };
  return {
    ...common,
    sentinels: topology.sentinels.map((sentinel) => ({ ...sentinel })),
    name: topology.masterName,
    ...(username ? { sentinelUsername: username } : {}),
    ...(password ? { sentinelPassword: password } : {}),
    ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: tls } : {}),
  };
}

/**
 * Refuses two groups on the same server and database: then one group's spike, flush or memory policy is the other's.
 *
 * @returns one sentence per clash; empty when the groups stand apart.
 */
export function sharedRedisClashes(urls: Readonly<Record<string, string>>): string[] {
  const seen = new Map<string, string>();
  const clashes: string[] = [];
  for (const [group, url] of Object.entries(urls)) {
    const place = placeOf(parseRedisUrl(url));
    const other = seen.get(place);
    if (other) clashes.push(`${other} and ${group} point at the same Redis server and database`);
    else seen.set(place, group);
  }
  return clashes;
}

function placeOf({ topology, database }: RedisAddress): string {
  if (topology.kind === 'standalone') return `${topology.host}:${topology.port}/${database}`;
  const sentinels = topology.sentinels.map(({ host, port }) => `${host}:${port}`).sort();
  return `${sentinels.join(',')}/${database}#${topology.masterName}`;
}

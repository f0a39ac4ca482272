import { isIP } from 'node:net';
import { field, listItems, Refusal } from './field.js';

const HOST = String.raw`(?:[\w.-]+|\[[\da-fA-F:.]+\])`;
const SENTINEL_URL = new RegExp(
  String.raw`^rediss?-sentinel://(?:([^@/\s]*)@)?(${HOST}(?::\d+)?(?:,${HOST}(?::\d+)?)*)(?:/\d*)?#\S+$`,
);
const HOST_NAME = /^(?=.{1,253}$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/i;

/** A TCP port; 0 lets the system choose. */
export function port(byDefault?: number) {
  const base = field({ expected: 'a port from 0 to 65535', example: String(byDefault ?? 3001) }, (value) => {
    const number = Number(value);
    if (!/^\d{1,5}$/.test(value) || number > 65_535) throw new Refusal();
    return number;
  });
  return byDefault === undefined ? base : base.default(byDefault);
}

/** A single server, with TLS or not, or the Sentinels of one. */
export function redisUrl() {
  return field(
    { expected: 'a redis://, rediss:// or redis-sentinel:// URL', example: 'redis://127.0.0.1:6379/0' },
    (value) => {
      if (/^rediss?-cluster:/.test(value)) {
        throw new Refusal('redis-cluster:// is not supported: tags and scripts span keys');
      }
      if (/^rediss?-sentinel:/.test(value)) return sentinelUrl(value);
      const { hostname, pathname, port, username, password } = urlOf(value, ['redis:', 'rediss:']);
      if (hostname === '') throw new Refusal('names no host');
      if (hostname.includes(','))
        throw new Refusal('names several hosts, as only a redis-sentinel:// URL may');
      refusePortZero(port);
      refuseStrayPercent(username + password);
      if (!/^\/?\d*$/.test(pathname)) throw new Refusal('the database after the slash is not a number');
      return value;
    },
  );
}

function sentinelUrl(value: string): string {
  const [, userInfo = '', hosts] = SENTINEL_URL.exec(value) ?? [];
  if (hosts === undefined) {
    throw new Refusal('is not of the form redis-sentinel://host:port,host:port/database#master');
  }
  for (const host of hosts.split(',')) {
    const { port } = urlOf(`redis://${host}`, ['redis:']);
    refusePortZero(port);
  }
  refuseStrayPercent(userInfo);
  return value;
}

function refusePortZero(port: string): void {
  if (port === '0') throw new Refusal('names port 0, where nothing listens');
}

/** User name and password are decoded later on, where an error would name no variable. */
function refuseStrayPercent(userInfo: string): void {
  try {
    decodeURIComponent(userInfo);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new Refusal('holds a % that encodes nothing: write %25');
  }
}

/** A PostgreSQL server and database. */
export function postgresUrl() {
  return field(
    { expected: 'a postgresql:// URL', example: 'postgresql://trivet:password@127.0.0.1:5432/trivet' },
    (value) => {
      const { pathname } = urlOf(value, ['postgresql:', 'postgres:']);
      if (pathname.length < 2) throw new Refusal('names no database');
      return value;
    },
  );
}

/** A mail server: `smtp:` with STARTTLS where it is offered, `smtps:` with TLS from the first byte. */
export function smtpUrl() {
  return field(
    { expected: 'an smtp:// or smtps:// URL', example: 'smtps://user:password@mail.example.org:465' },
    (value) => {
      const { hostname, pathname, port, username, password } = urlOf(value, ['smtp:', 'smtps:']);
      if (hostname === '') throw new Refusal('names no host');
      if (pathname.length > 1) throw new Refusal('holds a path, which means nothing to a mail server');
      refusePortZero(port);
      refuseStrayPercent(username + password);
      return value;
    },
  );
}

/** A mail address, alone or as `Name <address>`. */
export function mailbox() {
  return field(
    { expected: 'a mail address, alone or as Name <address>', example: 'Academy <academy@example.org>' },
    (value) => {
      const [, named, alone] = /^(?:[^<>@,;\r\n]+<([^<>\s]+)>|([^<>\s]+))$/.exec(value) ?? [];
      const [local = '', domain = '', ...rest] = (named ?? alone ?? '').split('@');
      if (local === '' || rest.length > 0 || !HOST_NAME.test(domain)) throw new Refusal();
      return value;
    },
  );
}

/** An origin as a browser writes it: scheme, host and port, no path, no trailing slash. */
export function httpUrl() {
  return field(
    {
      expected: 'an http:// or https:// origin without a trailing slash',
      example: 'https://learn.example.org',
    },
    (value) => {
      if (urlOf(value, ['http:', 'https:']).origin !== value) throw new Refusal();
      return value;
    },
  );
}

function urlOf(value: string, protocols: readonly string[]): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !protocols.includes(url.protocol)) throw new Refusal();
  return url;
}

/** A host name or an IP address. */
export function hostName() {
  return field({ expected: 'a host name or an address', example: 'learn.example.org' }, (value) => {
    if (isIP(value) === 0 && !HOST_NAME.test(value)) throw new Refusal();
    return value;
  });
}

/** IP addresses and CIDR ranges, none when missing. A range that holds everybody is refused. */
export function addressList() {
  return field(
    { expected: 'a comma list of IP addresses or CIDR ranges', example: '10.0.0.0/8,127.0.0.1' },
    (value) => listItems(value).map((item, index) => addressOrRange(item, `item ${index + 1}`)),
  ).default([]);
}

function addressOrRange(item: string, subject: string): string {
  const [address = '', prefix, ...rest] = item.split('/');
  const everybody = ['all', '*', 'true'].includes(item.toLowerCase());
  if (everybody || (isIP(address) !== 0 && Number(prefix) === 0)) {
    throw new Refusal(`${subject} would trust everybody`);
  }
  const longest = isIP(address) === 6 ? 128 : 32;
  const prefixIsValid = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest);
  if (isIP(address) === 0 || rest.length > 0 || !prefixIsValid) throw new Refusal(`${subject} is neither`);
  return item;
}

import { expect, it } from '@jest/globals';
import { UsageError } from '../errors.js';
import { parseTarget } from './target.js';

it.each([
  ['redis://127.0.0.1', '127.0.0.1', 0, { host: '127.0.0.1', port: 6379 }],
  ['redis://h:1/2', 'h:1', 2, { host: 'h', port: 1 }],
  ['redis://[::1]:6379/', '[::1]:6379', 0, { host: '::1', port: 6379 }],
  ['redis://:p%40ss@h', 'h', 0, { host: 'h', port: 6379, password: 'p@ss' }],
  ['rediss://u:p:q@h:1?x=y', 'h:1', 0, { host: 'h', port: 1, username: 'u', password: 'p:q', tls: {} }],
  [
    'redis-sentinel://a:1,b/3#main',
    'a:1,b#main',
    3,
    {
      name: 'main',
      sentinels: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26379 },
      ],
    },
  ],
  [
    'rediss-sentinel://u:p@a:1#m',
    'a:1#m',
    0,
    {
      name: 'm',
      sentinels: [{ host: 'a', port: 1 }],
      username: 'u',
      password: 'p',
      sentinelUsername: 'u',
      sentinelPassword: 'p',
      tls: {},
      sentinelTLS: {},
      enableTLSForSentinelMode: true,
    },
  ],
])('understands %s', (url, label, database, options) => {
  expect(parseTarget(url)).toEqual({ label, database, options });
});

it.each([
  ['127.0.0.1:6379', 'Not a Redis URL: expected redis://host:6379/0'],
  ['http://h', 'Not a Redis URL'],
  ['redis://h/first', 'Not a Redis URL'],
  ['redis://h:99999', 'Not a host and port in the URL'],
  ['redis://a:1,b:2', 'Not a host and port in the URL'],
  ['redis-sentinel://a:1/0', 'A Sentinel URL ends in #master'],
  ['redis-cluster://a:1,b:2', 'redis-cluster:// is not supported: look at each node'],
  ['redis://u:hunter2%@h', 'percent-encoded'],
])('refuses %s', (url, sentence) => {
  const parse = () => parseTarget(url);
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(sentence);
});

it('repeats no password', () => {
  expect(() => parseTarget('redis://u:hunter2@h:nan')).toThrow(/^(?!.*hunter2)/s);
});

it('says which CA certificate it cannot read', () => {
  expect(() => parseTarget('rediss://h', '/no/such/ca.pem')).toThrow("'/no/such/ca.pem'");
});

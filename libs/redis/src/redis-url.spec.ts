import { describe, expect, it } from '@jest/globals';
import { addressOptions, parseRedisUrl, sharedRedisClashes } from './redis-url.js';

describe('parseRedisUrl', () => {
  it('reads a standalone address with an ACL user', () => {
    expect(parseRedisUrl('redis://app:p%40ss@cache.example:6390/3')).toEqual({
      topology: { kind: 'standalone', host: 'cache.example', port: 6390 },
      database: 3,
      username: 'app',
      password: 'p@ss',
      tls: false,
    });
  });

  it('reads three Sentinels and the master they name', () => {
    const address = parseRedisUrl('rediss-sentinel://:pw@a:1,b:2,c/0#queue');
    expect(address.tls).toBe(true);
    expect(address.topology).toEqual({
      kind: 'sentinel',
      masterName: 'queue',
      sentinels: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
        { host: 'c', port: 26379 },
      ],
    });
    expect(addressOptions(address)).toMatchObject({ name: 'queue', sentinelPassword: 'pw', password: 'pw' });
  });

  it('reads an IPv6 host', () => {
    expect(parseRedisUrl('redis://[::1]:6379').topology).toEqual({
      kind: 'standalone',
      host: '::1',
      port: 6379,
    });
  });

  it.each([
    ['redis-cluster://h:1', /redis-cluster:\/\/ is not supported/],
    ['http://h:1', /Not a Redis URL/],
    ['redis://h:99999', /Not a host and port/],
    ['redis://h:1/x', /database number/],
    ['redis-sentinel://h:1/0', /ends in #name/],
    ['redis://a:1,b:2', /names one host/],
  ])('refuses %s with a sentence that says what to write', (url, sentence) => {
    expect(() => parseRedisUrl(url)).toThrow(sentence);
  });

  it('does not repeat the password in its message', () => {
    expect(() => parseRedisUrl('redis://:secret-word@h:99999')).toThrow(/^(?!.*secret-word)/);
  });
});

describe('sharedRedisClashes', () => {
  it('finds two groups on one server and database, however they are written', () => {
    expect(sharedRedisClashes({ session: 'redis://h:6379/0', cache: 'redis://:pw@h' })).toEqual([
      'session and cache point at the same Redis server and database',
    ]);
  });

  it('lets two databases of one server stand', () => {
    expect(sharedRedisClashes({ session: 'redis://h:6379/0', cache: 'redis://h:6379/1' })).toEqual([]);
  });
});

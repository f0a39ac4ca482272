import { expect, it } from '@jest/globals';
import { type Audit } from '../audit.js';
import { parseServerInfo, type ServerInfo } from '../redis/server-info.js';
import { Sum } from '../tally/sum.js';
import { remarks } from './remarks.js';

const MEBIBYTE = 1_048_576;

function sum(keys: number, bytes: number, withoutTtl = 0): Sum {
  return Object.assign(new Sum(), { keys, bytes, withoutTtl });
}

function auditWith(server: Partial<ServerInfo>, more: Partial<Audit> = {}): Audit {
  return {
    label: 'h:1',
    database: 0,
    match: undefined,
    server: { ...parseServerInfo('maxmemory:104857600\r\nmaxmemory_policy:noeviction'), ...server },
    expectedKeys: 0,
    seconds: 0,
    isComplete: true,
    vanished: 0,
    total: sum(100, 10 * MEBIBYTE),
    types: [],
    patterns: [],
    otherPatterns: new Sum(),
    expiry: [],
    topKeys: [],
    ...more,
  };
}

it('has nothing to say about a server with room and limits', () => {
  expect(remarks(auditWith({ usedBytes: MEBIBYTE, keysByDatabase: { 0: 100 } }))).toEqual([]);
});

it.each<[string, Audit, string]>([
  ['no limit', auditWith({ maxBytes: 0 }), 'No maxmemory is set'],
  [
    'a full server',
    auditWith({ usedBytes: 90 * MEBIBYTE }),
    '90.0 % of maxmemory is used; when it is full, Redis refuses',
  ],
  ['evictions', auditWith({ evictedKeys: 1_200 }), '1,200 keys were evicted'],
  [
    'keys that volatile policies cannot evict',
    auditWith({ policy: 'volatile-lru' }, { expiry: [['never', sum(40, MEBIBYTE, 40)]] }),
    'volatile-lru never evicts the 40 keys without a TTL: 1.00 MiB, 10.0 %',
  ],
  ['fragmentation', auditWith({ fragmentationRatio: 1.9, usedBytes: 70 * MEBIBYTE }), 'Fragmentation is 1.9'],
  [
    'one large key',
    auditWith(
      {},
      { topKeys: [{ name: Buffer.from('big'), type: 'list', bytes: 4 * MEBIBYTE, ttlMs: null }] },
    ),
    'One key holds 40.0 % of the memory in keys: big',
  ],
  ['other databases', auditWith({ keysByDatabase: { 0: 1, 3: 9 } }), 'Keys not looked at: 9 in database 3.'],
  ['a cluster node', auditWith({ isClusterNode: true }), 'one node of a cluster'],
  [
    'a forgotten EXPIRE',
    auditWith(
      {},
      {
        patterns: [
          ['sess:*', sum(1_000, 1, 3)],
          ['bull:*', sum(10, 1, 10)],
        ],
      },
    ),
    '3 of 1,000 sess:* never expire, the others do.',
  ],
])('points at %s', (_name, audit, sentence) => {
  expect(remarks(audit)).toEqual([expect.stringContaining(sentence)]);
});

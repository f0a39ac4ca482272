import { expect, it } from '@jest/globals';
import { parseServerInfo } from './server-info.js';

it('reads the fields of INFO, with colons and without', () => {
  const info = parseServerInfo(
    '# Server\r\nredis_version:7.0.15\r\nloading:1\r\nmaxmemory:1048576\r\nmaxmemory_policy:allkeys-lfu\r\n' +
      'mem_fragmentation_ratio:1.25\r\ncluster_enabled:1\r\ndb0:keys=3,expires=1,avg_ttl=0\r\ndb12:keys=7,expires=0\r\n',
  );
  expect(info).toMatchObject({
    version: '7.0.15',
    isLoading: true,
    isClusterNode: true,
    maxBytes: 1_048_576,
    policy: 'allkeys-lfu',
    fragmentationRatio: 1.25,
    keysByDatabase: { 0: 3, 12: 7 },
  });
});

it('has 0 and unknown for what a server does not tell', () => {
  expect(parseServerInfo('')).toMatchObject({ version: 'unknown', usedBytes: 0, keysByDatabase: {} });
});

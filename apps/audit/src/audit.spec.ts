import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { Redis } from 'ioredis';
import { audit, type Audit, type AuditOptions } from './audit.js';

const UUID = '0190f3a2-1b2c-7def-8123-4567';
const DAY_MS = 86_400_000;

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await RedisServer.start({
    maxMemory: '64mb',
    maxMemoryPolicy: 'allkeys-lfu',
    args: ['--lfu-log-factor', '0', '--latency-tracking', 'no'],
  });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.command('FLUSHALL');
  redis = new Redis(server.url);
});
afterEach(() => redis.disconnect());

function auditNow(options: Partial<AuditOptions> = {}): Promise<Audit> {
  return audit(redis, {
    label: 'here',
    database: 0,
    top: 3,
    samples: 5,
    batch: 10,
    pauseMs: 0,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  });
}

/** 100 sessions, 50 jobs without a TTL, a list of them, one name that is no text. */
async function fill(): Promise<void> {
  for (let n = 100; n < 200; n += 1) {
    await server.command('SET', `sess:${n}`, 'x'.repeat(100), 'PX', 3 * DAY_MS);
    if (n < 150) await server.command('HSET', `bull:pdf:${UUID}${n}00000`, 'data', 'y'.repeat(500));
  }
  await server.command(
    'RPUSH',
    'bull:pdf:wait',
    ...Array.from({ length: 50 }, (_, n) => 'z'.repeat(100 + n)),
  );
  await redis.set(Buffer.from([0xff, 0xfe]), 'b');
}

async function memoryOf(key: string): Promise<number> {
  return Number(await server.command('MEMORY', 'USAGE', key));
}

it('sums by type, pattern and expiry exactly what MEMORY USAGE says', async () => {
  await fill();
  const [session, job, list] = await Promise.all([
    memoryOf('sess:100'),
    memoryOf(`bull:pdf:${UUID}10000000`),
    memoryOf('bull:pdf:wait'),
  ]);
  const { total, types, patterns, expiry, isComplete, expectedKeys } = await auditNow();
  expect(Object.fromEntries(patterns)).toMatchObject({
    'sess:*': { keys: 100, bytes: 100 * session, largestBytes: session, withoutTtl: 0 },
    'bull:pdf:*': { keys: 50, bytes: 50 * job, withoutTtl: 50 },
    'bull:pdf:wait': { keys: 1, bytes: list, withoutTtl: 1 },
    '\\xff\\xfe': { keys: 1 },
  });
  expect(Object.fromEntries(types)).toMatchObject({
    string: { keys: 101 },
    hash: { keys: 50, bytes: 50 * job },
    list: { keys: 1, bytes: list },
  });
  expect(expiry.filter(([, sum]) => sum.keys > 0).map(([span, sum]) => [span, sum.keys])).toEqual([
    ['within 7 days', 100],
    ['never', 52],
  ]);
  expect(types.reduce((bytes, [, sum]) => bytes + sum.bytes, 0)).toBe(total.bytes);
  expect({ keys: total.keys, isComplete, expectedKeys }).toEqual({
    keys: 152,
    isComplete: true,
    expectedKeys: 152,
  });
});

it('names the largest keys, largest first, with type and TTL', async () => {
  await fill();
  await server.command('SET', 'page', 'p'.repeat(3_000), 'PX', DAY_MS);
  const { topKeys } = await auditNow();
  expect(topKeys.map(({ name, type }) => [name.toString(), type])).toEqual([
    ['bull:pdf:wait', 'list'],
    ['page', 'string'],
    [expect.stringContaining('bull:pdf:0190'), 'hash'],
  ]);
  expect(topKeys[0]?.ttlMs).toBeNull();
  expect(topKeys[1]?.ttlMs).toBeGreaterThan(DAY_MS - 10_000);
});

it('runs nothing but INFO, SCAN, TYPE, PTTL and MEMORY USAGE, and changes nothing', async () => {
  await fill();
  const before = await changes();
  const monitor = await redis.monitor();
  const seen = new Set<string>();
  monitor.on('monitor', (_time: string, [command = '', sub = '']: string[]) =>
    seen.add(command.toLowerCase() === 'memory' ? `memory ${sub.toLowerCase()}` : command.toLowerCase()),
  );
  await server.command('CONFIG', 'RESETSTAT');
  await auditNow();
  const stats = String(await server.command('INFO', 'commandstats'));
  monitor.disconnect();
  const ran = [...stats.matchAll(/^cmdstat_([^:]+):/gm)].map(([, name]) => name).sort();
  expect(ran).toEqual(['config|resetstat', 'info', 'memory|usage', 'pttl', 'scan', 'type']);
  expect([...seen].sort()).toEqual(['info', 'memory usage', 'pttl', 'scan', 'type']);
  expect(await changes()).toBe(before);
});

async function changes(): Promise<string | undefined> {
  return /rdb_changes_since_last_save:\d+/.exec(String(await server.command('INFO', 'persistence')))?.[0];
}

it('does not count as a use of a key, so the cache evicts as if nobody had looked', async () => {
  await server.command('SET', 'page', 'p');
  const before = await server.command('OBJECT', 'FREQ', 'page');
  await auditNow();
  expect(await server.command('OBJECT', 'FREQ', 'page')).toBe(before);
});

it('passes over keys that vanish while it looks', async () => {
  await fill();
  const scan = redis.callBuffer.bind(redis);
  redis.callBuffer = (async (command: string, ...args: (string | number)[]) => {
    const reply = await scan(command, ...args);
    await server.command('DEL', 'bull:pdf:wait');
    return reply;
  }) as typeof redis.callBuffer;
  const { total, vanished } = await auditNow({ batch: 1_000 });
  expect({ keys: total.keys, vanished }).toEqual({ keys: 151, vanished: 1 });
});

it('looks only at keys that match, and only at the selected database', async () => {
  await fill();
  const { total, expectedKeys } = await auditNow({ match: 'sess:1[0-4]?' });
  expect({ keys: total.keys, expectedKeys }).toEqual({ keys: 50 });
  await redis.select(1);
  await redis.set('elsewhere', 1);
  const { topKeys, server: info } = await auditNow({ database: 1 });
  expect(topKeys.map(({ name }) => name.toString())).toEqual(['elsewhere']);
  expect(info.keysByDatabase).toEqual({ 0: 152, 1: 1 });
});

it('shows what it saw when it is stopped', async () => {
  await fill();
  const { total, isComplete } = await auditNow({ signal: AbortSignal.abort() });
  expect(isComplete).toBe(false);
  expect(total.keys).toBeLessThan(100);
  expect(total.keys).toBeGreaterThan(0);
});

it('reports its progress', async () => {
  await fill();
  const seen: number[] = [];
  await auditNow({ onProgress: (keys, expectedKeys) => seen.push(keys / (expectedKeys ?? 0)) });
  expect(seen.length).toBeGreaterThan(10);
  expect(seen.at(-1)).toBe(1);
});

it('is content with an empty database', async () => {
  expect(await auditNow()).toMatchObject({ isComplete: true, expectedKeys: 0, topKeys: [], patterns: [] });
});

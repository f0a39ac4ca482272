import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { Redis } from 'ioredis';
import { breaksWhat, classify, type FailureReason } from './classify.js';

let server: RedisServer;
let redis: Redis;
const undos: (() => Promise<unknown> | void)[] = [];

beforeAll(async () => {
  server = await RedisServer.start();
  redis = new Redis(server.url, { maxRetriesPerRequest: 0 });
  await redis.set('key', 'value');
});

afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo();
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const command = (...args: (string | number)[]) => server.command(...args);

async function set(name: string, value: string): Promise<void> {
  const [, before = ''] = (await command('CONFIG', 'GET', name)) as string[];
  await command('CONFIG', 'SET', name, value);
  undos.push(() => command('CONFIG', 'SET', name, before));
}

async function follow(): Promise<void> {
  // Nobody ever listens on port 1.
  await command('REPLICAOF', '127.0.0.1', '1');
  undos.push(() => command('REPLICAOF', 'NO', 'ONE'));
}

/** What a real server says, and what it is taken for. */
const table: readonly [FailureReason, string, () => Promise<unknown>][] = [
  ['readonly', 'a replica is written to', async () => (await follow(), redis.set('key', 'v'))],
  [
    'readonly',
    'a script writes to a replica',
    async () => (await follow(), redis.eval("return redis.call('SET', KEYS[1], 'v')", 1, 'key')),
  ],
  [
    'master-down',
    'a replica that may not serve old data has lost its master',
    async () => (await set('replica-serve-stale-data', 'no'), await follow(), redis.get('key')),
  ],
  ['oom', 'memory is full', async () => (await set('maxmemory', '1'), redis.set('key', 'v'))],
  [
    'no-replicas',
    'too few replicas follow',
    async () => (await set('min-replicas-to-write', '1'), redis.set('key', 'v')),
  ],
  [
    'unauthorized',
    'the user may not',
    async () => {
      await command('ACL', 'SETUSER', 'default', '-get');
      undos.push(() => command('ACL', 'SETUSER', 'default', '+@all'));
      return redis.get('key');
    },
  ],
  ['wrong-type', 'the key holds something else', () => redis.lrange('key', 0, 1)],
  ['rejected', 'there is no such command', () => redis.call('NOSUCHCOMMAND')],
  [
    'busy',
    'somebody else’s script does not end',
    async () => {
      await set('busy-reply-threshold', '1');
      const other = redis.duplicate();
      const endless = other.eval('while true do end', 0).catch(() => other.disconnect());
      undos.push(async () => (await command('SCRIPT', 'KILL'), endless));
      // The script may get there later than the first of these.
      for (;;) await redis.get('key');
    },
  ],
];

it.each(table)('calls it %s when %s', async (reason, _when, ask) => {
  const error = await ask().then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Error);
  expect(classify(error)).toBe(reason);
});

it('leaves an error alone that is not Redis’s', () => {
  expect(classify(new TypeError('a bug'))).toBeUndefined();
  expect(classify('no error at all')).toBeUndefined();
});

it('blames only writes on a server that serves reads, and nobody on one key or command', () => {
  const of = (breaks: string) => (reasons: FailureReason[]) =>
    reasons.filter((reason) => breaksWhat(reason) !== breaks);
  expect(of('writes')(['readonly', 'oom', 'no-replicas', 'cannot-persist'])).toEqual([]);
  expect(of('nothing')(['wrong-type', 'rejected', 'breaker-open'])).toEqual([]);
  expect(of('everything')(['master-down', 'loading', 'busy', 'unauthorized', 'not-connected'])).toEqual([]);
});

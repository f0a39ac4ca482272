import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Redis, type RedisOptions } from 'ioredis';
import { ask, type Address } from '../resp/connection.js';
import { eventually } from '../wait.js';
import type { Undo } from '../undo.js';
import { faults } from './catalogue.js';
import { FaultTarget } from './fault-target.js';

interface Meets {
  readonly read: RegExp;
  readonly write: RegExp;
  /** What a read finds after undo. @default 'kept' */
  readonly left?: string;
}

const everywhere = (symptom: RegExp): Meets => ({ read: symptom, write: symptom });

/** What a plain client that connects during the fault meets. */
const expected = {
  refused: everywhere(/ECONNREFUSED/),
  hung: everywhere(/No reply/),
  blackHole: everywhere(/No reply/),
  slow: { read: /^kept after (3|4)\d\d ms$/, write: /^OK after (3|4)\d\d ms$/ },
  jittery: { read: /^kept after ([2-9]\d|\d{3}) ms$/, write: /^OK after ([2-9]\d|\d{3}) ms$/ },
  reset: everywhere(/ECONNRESET/),
  truncated: everywhere(/closed before/),
  garbage: everywhere(/Not a RESP reply/),
  readOnly: { read: /^kept/, write: /READONLY/ },
  outOfMemory: { read: /^kept/, write: /OOM/ },
  noReplicas: { read: /^kept/, write: /NOREPLICAS/ },
  loading: everywhere(/LOADING/),
  noAuth: everywhere(/NOAUTH/),
  maxClients: everywhere(/max number of clients/),
  wrongType: { read: /WRONGTYPE/, write: /^OK/ },
  flushAll: { read: /^null/, write: /^OK/, left: 'null' },
  oldDump: { read: /^old/, write: /^OK/, left: 'old' },
} as const satisfies Partial<Record<keyof typeof faults, Meets>>;

const clients: Redis[] = [];
const undos: Undo[] = [];

/** A plain client with a deadline and a quick reconnect. */
function connect(options: RedisOptions): Redis {
  const quick = {
    commandTimeout: 1_000,
    connectTimeout: 1_000,
    disconnectTimeout: 0,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 20,
  };
  const redis = new Redis({ ...quick, ...options });
  redis.on('error', () => undefined);
  clients.push(redis);
  return redis;
}

function eventuallyGets(client: Redis, value: string): Promise<boolean> {
  const gets = () => client.get('key').then((found) => String(found) === value);
  return eventually(() => gets().catch(() => false), 3_000);
}

/** One command over a new connection: the reply and the time it took, or what went wrong. */
async function tryOnce({ host, port }: Address, ...args: string[]): Promise<string> {
  const before = performance.now();
  try {
    const reply = await ask({ host, port }, args, 700);
    return `${String(reply)} after ${Math.round(performance.now() - before)} ms`;
  } catch (error) {
    return String(error);
  }
}

afterEach(async () => {
  for (const undo of undos.splice(0)) await undo();
  for (const client of clients.splice(0)) client.disconnect();
});

describe('with one server', () => {
  let target: FaultTarget;

  beforeAll(async () => {
    target = await FaultTarget.start('standalone', { appendOnly: true, args: ['--appendfsync', 'always'] });
  });

  afterAll(() => target.stop());

  it.each(Object.keys(expected) as (keyof typeof expected)[])(
    '%s is on until undone',
    async (name) => {
      const { read, write, left = 'kept' }: Meets = expected[name];
      await target.server.command('SET', 'key', 'old');
      await target.snapshot();
      await target.server.command('SET', 'key', 'kept');
      const existing = connect({ port: target.proxy.port });
      expect(await existing.get('key')).toBe('kept');

      const undo = await faults[name].apply(target);
      undos.push(undo);
      expect(await tryOnce(target.proxy, 'GET', 'key')).toMatch(read);
      expect(await tryOnce(target.proxy, 'SET', 'other', 'value')).toMatch(write);

      await undo();
      await undo();
      expect(await tryOnce(target.proxy, 'GET', 'key')).toContain(`${left} after`);
      expect(await tryOnce(target.proxy, 'SET', 'other', 'value')).toContain('OK after');
      expect(
        await eventually(
          () =>
            existing.get('key').then(
              (value) => `${value}` === left,
              () => false,
            ),
          3_000,
        ),
      ).toBe(true);
    },
    20_000,
  );

  it('halfOpen silences the connections there are, and only those, until undone', async () => {
    await target.server.command('SET', 'key', 'kept');
    const existing = connect({ port: target.proxy.port });
    await existing.get('key');
    const undo = await faults.halfOpen.apply(target);
    undos.push(undo);
    await expect(existing.get('key')).rejects.toThrow('timed out');
    expect(await tryOnce(target.proxy, 'GET', 'key')).toContain('kept after');
    await undo();
    expect(await eventuallyGets(existing, 'kept')).toBe(true);
  });

  it('pubSubCut keeps subscribers away and nobody else, until undone', async () => {
    const subscriber = connect({ port: target.proxy.port });
    await subscriber.subscribe('news');
    const received = new Promise((resolve) => subscriber.once('message', (_, message) => resolve(message)));
    const undo = await faults.pubSubCut.apply(target);
    undos.push(undo);
    expect(await eventually(async () => subscriber.status === 'reconnecting', 1_000)).toBe(true);
    expect(await tryOnce(target.proxy, 'PING')).toContain('PONG after');
    await undo();
    expect(
      await eventually(async () => (await target.server.command('PUBLISH', 'news', 'back')) === 1, 3_000),
    ).toBe(true);
    expect(await received).toBe('back');
  });

  it('wrongType leaves alone what was written or deleted during the fault', async () => {
    await target.server.command('FLUSHALL');
    await target.server.command('MSET', 'rewritten', 'a', 'deleted', 'b', 'untouched', 'c');
    const undo = await faults.wrongType.apply(target);
    await target.server.command('SET', 'rewritten', 'anew');
    await target.server.command('DEL', 'deleted');
    await undo();
    expect(await target.server.command('MGET', 'rewritten', 'deleted', 'untouched')).toEqual([
      'anew',
      null,
      'c',
    ]);
    expect(await target.server.command('DBSIZE')).toBe(2);
  });

  it('says which topology a fault needs', async () => {
    await expect(async () => faults.failover.apply(target)).rejects.toThrow(
      'A standalone target has no cluster: use the topology its fault names, FaultTarget.start(fault.topology).',
    );
  });
});

it('tlsExpired makes clients refuse the certificate until undone', async () => {
  const target = await FaultTarget.start('tls');
  try {
    const tls = { ca: await readFile(target.tls.ca) };
    const client = () => connect({ port: target.proxy.port, tls });
    const existing = client();
    expect(await existing.set('key', 'kept')).toBe('OK');
    const undo = await faults.tlsExpired.apply(target);
    undos.push(undo);
    const [error] = (await once(client(), 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('CERT_HAS_EXPIRED');
    await undo();
    expect(await eventuallyGets(existing, 'kept')).toBe(true);
  } finally {
    await target.stop();
  }
});

it('failoverLosingLastWrites promotes a master without the last writes, and undo takes the old one back', async () => {
  const target = await FaultTarget.start('sentinel', { appendOnly: true });
  try {
    const { name, sentinels } = target.cluster;
    const client = connect({
      name,
      sentinels: sentinels.map(({ host, port }) => ({ host, port })),
      host: undefined,
    });
    await client.set('key', 'kept');
    await client.wait(2, 1_000);
    const applying = faults.failoverLosingLastWrites.apply(target);
    const master = await target.cluster.master();
    while (String(await master.command('INFO', 'replication')).includes('connected_slaves:2'));
    expect(await client.set('key', 'lost')).toBe('OK');
    const undo = await applying;
    expect(await eventuallyGets(client, 'kept')).toBe(true);
    await undo();
    expect(await client.wait(2, 1_000)).toBe(2);
    undos.push(await faults.failover.apply(target));
    expect(await eventuallyGets(client, 'kept')).toBe(true);
  } finally {
    for (const undo of undos.splice(0)) await undo();
    // Asking a Sentinel that is gone would leave a timer of ioredis behind.
    for (const client of clients.splice(0)) client.disconnect();
    await target.stop();
  }
}, 30_000);

it('lists every fault under its own name', () => {
  expect(Object.values(faults).map(({ name }) => name)).toEqual(Object.keys(faults));
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { faults, FaultTarget } from '@trivet/fault-kit';
import type { BreakerState } from './breaker.js';
import { GuardedRedis } from './guarded-redis.js';
import { RedisUnavailableError } from './redis.errors.js';

const read = { name: 'spec.read', kind: 'read' } as const;
const write = { name: 'spec.write', kind: 'write' } as const;

let target: FaultTarget;
let guarded: GuardedRedis;
let records: string[];

const note = (_message: unknown, fields: { readonly event: string }): void => void records.push(fields.event);

beforeEach(async () => {
  records = [];
  Logger.overrideLogger({ log: note, warn: note, error: note });
  target = await FaultTarget.start();
  guarded = new GuardedRedis({
    group: 'spec',
    url: target.url,
    deadlineMs: 2_000,
    healthIntervalMs: 50,
    probeIntervalMs: 20,
  });
  await guarded.open();
});

afterEach(async () => {
  guarded.close();
  await target.stop();
  Logger.overrideLogger(false);
});

const becomes = (wanted: BreakerState['writes']) => guarded.reaches(({ writes }) => writes === wanted);

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('It was served.'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RedisUnavailableError);
  return (error as RedisUnavailableError).reason;
}

/** Looks at the server `times` times, whatever the clock of the health checks says. */
async function afterProbes(times: number): Promise<void> {
  const count = async () =>
    Number(/cmdstat_role:calls=(\d+)/.exec(String(await target.server.command('INFO', 'commandstats')))?.[1]);
  const before = await count();
  while ((await count()) < before + times);
}

describe.each(['readOnly', 'outOfMemory', 'noReplicas'] as const)('under %s', (name) => {
  it('reads are served by Redis, writes are refused unsent, and one record tells of each transition', async () => {
    await becomes('up');
    await guarded.attempt(write, (redis) => redis.set('key', 'kept'));
    const undo = await faults[name].apply(target);
    await becomes('down');
    for (let call = 0; call < 20; call += 1) {
      expect(await guarded.attempt(read, (redis) => redis.get('key'))).toBe('kept');
      expect(await reasonOf(guarded.attempt(write, (redis) => redis.set('key', 'lost')))).toBe(
        'breaker-open',
      );
    }
    await afterProbes(3);
    expect(records).toEqual(['redis_group_down']);
    await undo();
    await becomes('up');
    expect(await guarded.attempt(read, (redis) => redis.get('key'))).toBe('kept');
    await afterProbes(3);
    expect(records).toEqual(['redis_group_down', 'redis_group_up']);
  });
});

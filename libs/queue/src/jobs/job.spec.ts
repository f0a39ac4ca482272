import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { resolveAdd } from '../adding/add-options.js';
import type { DatabaseTransaction } from '@trivet/database';
import { carried, carry, continueTrace, resume } from './carried.js';
import { unwrap, wrap } from './envelope.js';
import { defineJob, type JobOptions } from './job.js';

const base = { name: 'x', queue: 'q', payload: z.object({ to: z.string() }) };
const inline = { maxMs: 100, concurrency: 1, idempotent: true } as const;
const tx = {} as DatabaseTransaction;

describe('a job class', () => {
  it('goes to the outbox in an outage unless it says otherwise', () => {
    expect(defineJob(base)).toMatchObject({
      durability: 'memory',
      onOutage: 'outbox',
      attempts: 5,
      version: 1,
    });
  });

  it.each<[Partial<JobOptions<{ to: string }>>, RegExp]>([
    [{ onOutage: 'inline' }, /needs `inline: \{ maxMs, concurrency, idempotent: true \}`/],
    [
      { onOutage: 'inline', inline: { ...inline, maxMs: 0 } },
      /`inline.maxMs` to be a positive integer, got `0`/,
    ],
    [{ onOutage: 'inline', inline: { ...inline, concurrency: 1.5 } }, /`inline.concurrency`/],
    [{ attempts: 0 }, /Job x: expected `attempts` to be a positive integer, got `0`/],
    [{ durability: 'transactional', onOutage: 'reject' }, /`onOutage` must be 'outbox'/],
    [{ durability: 'replicated', onOutage: 'inline', inline }, /`onOutage` must be 'outbox'/],
    [{ version: 3, upcasters: { 1: String } }, /no step from version 2 to 3/],
  ])('cannot be %j', (options, message) => {
    expect(() => defineJob({ ...base, ...options })).toThrow(message);
  });
});

describe('an add', () => {
  const job = defineJob({ ...base, inline });
  const transactional = defineJob({ ...base, durability: 'transactional' });

  it.each([
    [job, { id: 'a:b' }, /an `id` holds/],
    [job, { id: '17' }, /an `id` holds/],
    [job, { delayMs: -1 }, /`delayMs` not to be negative, got `-1`/],
    [job, { onOutage: 'inline', delayMs: 5 }, /inline it would run at once/],
    [defineJob(base), { onOutage: 'inline' }, /only if its class says `inline`/],
    [job, { durability: 'replicated', onOutage: 'reject' }, /exclude each other/],
    [job, { durability: 'memory', tx }, /with `tx` it cannot be `durability: 'memory'`/],
    [transactional, {}, /it is transactional: pass the transaction as `tx`/],
  ] as const)('asks for what no lane can do, and is told so: %#', (definition, options, message) => {
    expect(() => resolveAdd(definition, options, true)).toThrow(message);
  });

  it('says what to set when there is no database', () => {
    expect(() => resolveAdd(job, {}, false)).toThrow(
      /Import DatabaseModule.forRoot\(\{ url \}\).*`onOutage: 'reject'`/,
    );
    expect(resolveAdd(job, { onOutage: 'reject' }, false)).toMatchObject({ onOutage: 'reject' });
  });

  it('with a transaction is transactional, whatever its class', () => {
    expect(resolveAdd(defineJob({ ...base, inline, onOutage: 'inline' }), { tx }, true)).toMatchObject({
      durability: 'transactional',
      onOutage: 'outbox',
    });
  });
});

describe('a stored payload', () => {
  const second = defineJob({
    ...base,
    version: 3,
    upcasters: { 1: (old) => ({ mail: old }), 2: (old) => ({ to: (old as { mail: string }).mail }) },
  });

  it('is brought up to the version of the process, step by step', () => {
    expect(unwrap(second, { version: 1, payload: 'ada' })).toEqual({ to: 'ada' });
    expect(unwrap(second, wrap(second, { to: 'ada' }, undefined))).toEqual({ to: 'ada' });
  });

  it('of a newer version is not read', () => {
    expect(() => unwrap(second, { version: 4, payload: {} })).toThrow(
      'came in version 4; this process knows version 3',
    );
  });

  it('that does not fit is refused by its field, without its value', () => {
    expect(() => wrap(second, { to: 42 }, undefined)).toThrow(
      /^The payload of job x does not fit. `to`: (?!.*42)/,
    );
  });
});

describe('what a job carries', () => {
  const header = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('is a child of the trace it was added in', () => {
    const run = resume({ traceparent: header, user: 'u' }, carried);
    expect(run?.user).toBe('u');
    expect(run?.traceparent).toMatch(
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[\da-f]{16}-01$/,
    );
  });

  it('is nothing of whoever runs it', () => {
    expect(carry({ user: 'worker' }, () => resume(undefined, carried))).toBeUndefined();
  });

  it.each(['', 'garbage', `ff-${header.slice(3)}`, header.replace(/0af.*?-/, `${'0'.repeat(32)}-`)])(
    'begins a new trace for the header %j',
    (given) => {
      const begun = continueTrace(given);
      expect(begun).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
      expect(begun).not.toContain('0af7651916cd43dd8448eb211c80319c');
    },
  );
});

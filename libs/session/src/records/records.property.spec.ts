import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import type { Redis } from 'ioredis';
import fc from 'fast-check';
import { RedisScript } from '../redis-script.js';
import { recordKeys, RecordsWorld } from './records.world.fixture.js';

const member = fc.nat(1);
/** Counted from the latest. */
const session = fc.nat(1);
const user = fc.constantFrom('ada', 'grace');
const key = fc.constantFrom(...recordKeys);

/** A step, and how often it is taken. */
const may = <What extends keyof RecordsWorld>(
  weight: number,
  what: What,
  ...args: fc.Arbitrary<unknown>[]
) => ({
  weight,
  arbitrary: fc.tuple(fc.constant(what), ...args),
});

/** What requests and servers may do, in any order. A request under way is begun, written to, and saved or rotated much later. */
const step = fc.oneof(
  may(2, 'signIn', member, user),
  may(24, 'begin', member, session),
  may(14, 'write', session, key),
  may(6, 'save', session),
  may(5, 'rotate', session),
  may(1, 'signOut', member, session),
  may(1, 'destroy', member, session),
  may(1, 'endOthers', member, session),
  may(1, 'endUser', member, user),
  may(1, 'endEverybody', member),
  may(2, 'restore', member, session),
  may(3, 'backUp'),
  may(2, 'rollBack'),
  may(1, 'lose'),
  may(1, 'crash', member),
  may(3, 'look'),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let redis: RedisServer;

beforeAll(async () => {
  redis = await RedisServer.start();
});

afterAll(async () => {
  await redis?.stop();
});

/** The first thing that was not as it should be, or nothing. */
async function trouble(steps: readonly Step[]): Promise<string | undefined> {
  const world = await RecordsWorld.open(redis.url);
  try {
    for (const [what, ...args] of [['signIn', 0, 'ada'], ...steps, ['look']] as Step[]) {
      const wrong = await (world[what] as (...given: unknown[]) => Promise<string | undefined>)(...args);
      if (wrong) return `${what}: ${wrong}`;
      await world.passASecond();
    }
    return undefined;
  } finally {
    await world.close();
  }
}

const run = (numRuns: number) =>
  fc.check(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30, size: 'max' }), async (steps) => {
      const wrong = await trouble(steps);
      if (wrong) throw new Error(wrong);
    }),
    { numRuns, seed: 20_261_125, endOnFailure: true },
  );

it('brings back no session that was ended, loses none that was not, and no write to one, in whichever order', async () => {
  const { failed, errorInstance } = await run(100);
  expect({ failed, errorInstance }).toEqual({ failed: false, errorInstance: null });
}, 120_000);

describe('is what notices when a script lacks', () => {
  const guards: [guard: string, text: string, without: string][] = [
    ['the look for the record in a save', 'not meta[3] or condemned', 'condemned'],
    [
      'the look for evidence in a save',
      'not meta[3] or condemned(sid, meta[1], meta[2], meta[3])',
      'not meta[3]',
    ],
    [
      'the comparison with the version that a rotation goes on from',
      'if version ~= goesOnFrom then',
      'if false then',
    ],
    ['the look for what a rotation goes on from', `if goesOnFrom ~= '' then`, 'if false then'],
    ['the end of the record that was rotated', `if old ~= '' then finish(old) end`, ''],
    [
      'the look for evidence in a restoration',
      `if condemned(sid, user, lineage, started) then return { 'revoked', heart() } end`,
      '',
    ],
    [
      'the merge by key',
      `for i = 7, changedEnd, 3 do`,
      `for _, f in ipairs(redis.call('HKEYS', key)) do if string.sub(f, 1, 1) == '.' then redis.call('HDEL', key, f) end end\nfor i = 7, changedEnd, 3 do`,
    ],
  ];

  it.each(guards)(
    '%s',
    async (_guard, text, without) => {
      let isThere = false;
      const spy = jest.spyOn(RedisScript.prototype, 'run').mockImplementation(function (
        this: RedisScript,
        client: Redis,
        args: readonly (string | number)[],
      ) {
        const script = (this as unknown as { text: string }).text;
        isThere ||= script.includes(text);
        return client.eval(script.replace(text, without), 0, ...args);
      });
      const { failed } = await run(500);
      spy.mockRestore();
      expect({ isThere, failed }).toEqual({ isThere: true, failed: true });
    },
    120_000,
  );
});

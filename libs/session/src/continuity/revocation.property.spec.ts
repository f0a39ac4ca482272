import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admissionGuards } from './admission.js';
import {
  accused,
  everySafety,
  ModelWorld,
  type ModelProcess,
  type ModelSession,
  type Safety,
} from './revocation.model.fixture.js';

const hour = 3600;

const process = fc.nat(2);
const session = fc.nat(5);
const user = fc.constantFrom('ada', 'grace');
/** What may happen, in any order. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('sign in' as const),
      process,
      user,
      hoursAgo: fc.constantFrom(0, 0, 10),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('confirm' as const), process, session }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('end one' as const), process, session }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('end others' as const), process, session }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('end all' as const), process }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('disown' as const), user }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('cut off' as const), process, on: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('store' as const),
      name: fc.constantFrom('redis' as const, 'mirror' as const),
      isUp: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('lose' as const, 'roll back' as const, 'back up' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('crash' as const), process }) },
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant('pass' as const),
      seconds: fc.constantFrom(1, 4, 10, 61, 66, 90, hour, 3 * hour, 5 * hour),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(world: ModelWorld, given: Step): Promise<void> {
  const by: ModelProcess = world.processes['process' in given ? given.process : 0]!;
  const of: ModelSession | undefined =
    'session' in given ? world.sessions[given.session % (world.sessions.length || 1)] : undefined;
  switch (given.what) {
    case 'sign in':
      return void by.signIn(given.user, given.hoursAgo);
    case 'confirm':
      return of && by.confirm(of);
    case 'end one':
      return of && by.endOne(of);
    case 'end others':
      return of && by.end(userWide(world, of));
    case 'end all':
      return by.end({ kind: 'all', subject: '', user: '', exempt: '', at: world.time });
    case 'disown':
      world.users.notBefore.set(given.user, world.time);
      for (const { identity, disownedAt } of world.sessions)
        if (identity.userId === given.user && disownedAt === undefined) disown(world, identity.deviceId);
      return;
    case 'cut off':
      by.isCutOff = given.on;
      return;
    case 'store':
      world[given.name].isUp = given.isUp;
      return;
    case 'lose':
      return world.lose();
    case 'roll back':
      return world.rollBack();
    case 'back up':
      world.redis.backup = new Map(world.redis.items);
      return;
    case 'crash':
      return world.crash(given.process);
    case 'pass':
      return world.pass(given.seconds);
  }
}

const userWide = (world: ModelWorld, { identity }: ModelSession) => ({
  ...{ kind: 'user' as const, subject: '', user: identity.userId },
  ...{ exempt: identity.deviceId, at: world.time },
});

function disown(world: ModelWorld, deviceId: string): void {
  const found = world.sessions.find(({ identity }) => identity.deviceId === deviceId);
  if (found && found.identity.startedAt <= world.time) found.disownedAt = world.time;
}

/** Whether this process must not serve this session any more, by what is promised. */
function mustRefuse(world: ModelWorld, by: ModelProcess, of: ModelSession): boolean {
  const { identity, snapshot, endedAt, disownedAt } = of;
  const now = by.clock.now();
  // The same process at once; another at the first pulse after a store that it reaches holds the evidence.
  if (by.feed.condemns(accused(of))) return true;
  if (now >= snapshot.verifiedAt + 4 * hour * 1000 || now >= identity.startedAt + 12 * hour * 1000)
    return true;
  if (Math.max(snapshot.verifiedAt, identity.startedAt) > now + 60_000) return true;
  if (disownedAt !== undefined && world.time - disownedAt > 6_000) return true;
  const isDeaf = !by.reaches('redis') && !by.reaches('mirror');
  return endedAt !== undefined && isDeaf && world.time - endedAt > 65_000 && by.feed.feedAgeMs > 65_000;
}

/** Every process is asked for every session after every step, also with the snapshot of another session. */
async function holds(safety: Safety, steps: readonly Step[]): Promise<boolean> {
  const world = new ModelWorld(safety);
  await world.pass(1);
  for (const given of steps) {
    await take(world, given);
    for (const by of world.processes) {
      for (const of of world.sessions) {
        if ((await by.take(of.sidHash, of.snapshot)) && mustRefuse(world, by, of)) return false;
        const [other] = world.sessions.filter((candidate) => candidate !== of);
        const taken = other && (await by.take(of.sidHash, other.snapshot));
        if (taken && taken.deviceId !== of.identity.deviceId) return false;
      }
    }
  }
  return true;
}

const steps = fc.array(step, { minLength: 3, maxLength: 14 });
const run = (safety: Safety, numRuns: number) =>
  fc.check(
    fc.asyncProperty(steps, async (given) => holds(safety, given)),
    { numRuns, seed: 20_261_125, endOnFailure: true },
  );

it('serves no session that has ended, whatever happens to processes and stores, and in whichever order', async () => {
  expect(await run(everySafety, 400)).toMatchObject({ failed: false });
}, 120_000);

describe('is what notices when a guard is taken away:', () => {
  it.each(Object.keys(admissionGuards) as (keyof typeof admissionGuards)[])(
    '%s',
    async (name) => {
      const guards = Object.fromEntries(Object.entries(admissionGuards).filter(([other]) => other !== name));
      expect(await run({ ...everySafety, guards }, 2000)).toMatchObject({ failed: true });
    },
    120_000,
  );

  it('the lease of the feed and the gate before it was heard', async () => {
    expect(await run({ ...everySafety, lease: false }, 2000)).toMatchObject({ failed: true });
  }, 120_000);
});

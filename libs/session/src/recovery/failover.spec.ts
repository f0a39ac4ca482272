import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SentinelCluster } from '@trivet/fault-kit';
import { join, signIn, type Member } from '../state.fixture.js';

let cluster: SentinelCluster;
let here: Member;
let there: Member;

beforeAll(async () => {
  cluster = await SentinelCluster.start({ replicas: 1, sentinels: 3, downAfterMs: 500 });
  here = await join(cluster.url);
  there = await join(cluster.url);
}, 60_000);

afterAll(async () => {
  await here?.close();
  await there?.close();
  await cluster?.stop();
});

async function follow({ redis, state }: Member): Promise<void> {
  await redis.reaches(({ writes }) => writes === 'up');
  await state.pulse.settled();
}

it('loses nobody by a failover that lost the last writes, and takes nobody back', async () => {
  const early = await signIn(here, 'early');
  // What the master takes from here on dies with it.
  await cluster.cutReplication();
  const late = await signIn(here, 'late');
  await there.state.revocations.endSession(there.state.keys.sid(early.sid));
  const sawLoss = [here, there].map(
    ({ state }) => new Promise<void>((resolve) => void state.heart.onLoss(() => resolve())),
  );
  await cluster.failover();
  await Promise.all([...sawLoss, follow(here), follow(there)]);

  for (const member of [here, there]) {
    const found = await member.store.lookUp(late.sid);
    expect(found).toMatchObject({ kind: 'absent' });
    expect(found.kind === 'absent' && late.who.startedAt <= found.lostBefore).toBe(true);
    expect((await member.store.lookUp(early.sid)).kind).toBe('revoked');
  }
  const stranger = await join(cluster.url);
  expect((await stranger.store.lookUp(early.sid)).kind).toBe('revoked');
  await stranger.close();
}, 60_000);

import { afterEach, expect, it as itAnywhere } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { readKustomization } from './kustomization.js';
import { Manifests } from './manifests.js';
import { redisGroups } from './redis-group.js';
import { eventually, RedisPods, type RedisPod } from './redis-pods.js';

const base = fileURLToPath(new URL('../../../k8s/base', import.meta.url));
const deadlineMs = 90_000;
// The scripts are for a Linux image, and only Linux has more than one loopback address.
const it = process.platform === 'linux' ? itAnywhere : itAnywhere.skip;

let pods: RedisPods | undefined;
afterEach(async () => {
  await pods?.end();
  pods = undefined;
});

async function lay(name: string, overrides = {}): Promise<RedisPods> {
  const group = redisGroups(new Manifests(await readKustomization(base))).find(
    (candidate) => candidate.name === name,
  );
  if (!group) throw new Error(`k8s/base has no Redis group ${name}.`);
  pods = await RedisPods.lay(group, overrides);
  return pods;
}

/** Sets `key` to `value` and waits until all members have it. */
async function setEverywhere(group: RedisPods, master: RedisPod): Promise<void> {
  await master.ask('SET', 'key', 'value');
  await eventually(async () => {
    const values = await Promise.all(group.all.map((pod) => pod.ask('GET', 'key')));
    return values.every((value) => value === 'value') || undefined;
  });
}

/** Appends numbers one by one to whoever takes them, and keeps those that were acknowledged, and when. */
function writeOn(all: readonly RedisPod[]) {
  const acknowledged: { readonly number: number; readonly at: number }[] = [];
  let goesOn = true;
  const run = async () => {
    for (let number = 0; goesOn; number++) {
      for (const pod of all) {
        if (!/^\d+$/.test(await pod.ask('RPUSH', 'log', String(number)))) continue;
        acknowledged.push({ number, at: performance.now() });
        break;
      }
    }
  };
  const running = run();
  const stop = async () => {
    goesOn = false;
    await running;
  };
  return { acknowledged, stop };
}

it(
  'hands the role of a drained master over within five seconds, and no acknowledged write is lost',
  async () => {
    const group = await lay('session');
    await group.start();
    const first = await group.settled();
    expect(first).toBe(group.all[0]);

    const writer = writeOn(group.all);
    await eventually(async () => writer.acknowledged.length > 50 || undefined);
    await first.stop();
    const stoppedAt = performance.now();
    await eventually(async () => writer.acknowledged.some(({ at }) => at > stoppedAt + 500) || undefined);
    await writer.stop();
    await first.start();

    const second = await group.settled();
    expect(second).not.toBe(first);
    const kept = new Set((await second.ask('LRANGE', 'log', '0', '-1')).split('\n').map(Number));
    expect(writer.acknowledged.filter(({ number }) => !kept.has(number))).toEqual([]);
    const times = writer.acknowledged.map(({ at }) => at);
    const gapsMs = times.slice(1).map((at, index) => at - (times[index] ?? at));
    expect(Math.max(...gapsMs)).toBeLessThan(5_000);
  },
  deadlineMs,
);

it(
  'starts the last master again after a total loss, whatever its number',
  async () => {
    const group = await lay('session');
    await group.start();
    const first = await group.settled();
    await setEverywhere(group, first);
    // A Sentinel that has just started may not know yet which replicas are good, and then there is no hand-over.
    const second = await eventually(async () => {
      await first.stop();
      await first.start();
      const master = await group.settled();
      return master === first ? undefined : master;
    });
    await Promise.all(group.all.map((pod) => pod.kill()));
    await group.start();
    expect(await group.settled()).toBe(second);
    expect(await second.ask('GET', 'key')).toBe('value');
  },
  deadlineMs,
);

it(
  'does not let a master that lost its volume lead members that have data',
  async () => {
    const group = await lay('session');
    await group.start();
    const first = await group.settled();
    await setEverywhere(group, first);
    await Promise.all(group.all.map((pod) => pod.kill()));
    await first.loseVolume();
    await group.start();
    const second = await group.settled();
    expect(second).not.toBe(first);
    expect(await second.ask('GET', 'key')).toBe('value');
    expect(await first.ask('GET', 'key')).toBe('value');
  },
  deadlineMs,
);

it(
  'keeps the cache warm when its master dies, which comes back empty and follows',
  async () => {
    const group = await lay('cache');
    await group.start();
    const first = await group.settled();
    await setEverywhere(group, first);
    await first.restartRedis();
    const second = await group.settled();
    expect(second).not.toBe(first);
    expect(await first.ask('GET', 'key')).toBe('value');
  },
  deadlineMs,
);

it(
  'waits without a majority, alive but not ready, and serves once there is one',
  async () => {
    const group = await lay('queue');
    const [alone, other] = group.all as [RedisPod, RedisPod];
    await alone.start();
    await eventually(async () => (await alone.run('live.sh')).code === 0 || undefined);
    await eventually(async () => (await alone.run('live.sh', 'sentinel')).code === 0 || undefined);
    expect((await alone.run('ready.sh')).code).toBe(1);
    expect(await alone.ask('PING')).toBe('');
    await other.start();
    // Brand-new and one member missing: it might be the one that has the data.
    await eventually(async () => (await other.role()) === 'slave' || undefined);
    expect(await alone.ask('PING')).toBe('');
    await group.all[2]?.start();
    expect(await group.settled()).toBe(alone);
  },
  deadlineMs,
);

it(
  'leads without the missing member once a person has accepted that its data is lost',
  async () => {
    const group = await lay('queue');
    const [waiting, other] = group.all as [RedisPod, RedisPod];
    await Promise.all([waiting.start(), other.start()]);
    await eventually(async () => (await other.role()) === 'slave' || undefined);
    expect(await waiting.ask('PING')).toBe('');
    await waiting.acceptLoss();
    await eventually(async () => (await waiting.role()) === 'master' || undefined);
  },
  deadlineMs,
);

it(
  'does not hand over to replicas that cannot catch up, and lets writes go on',
  async () => {
    const group = await lay('queue');
    await group.start();
    const master = await group.settled();
    const replicas = group.all.filter((pod) => pod !== master);
    for (const replica of replicas) replica.signalRedis('SIGSTOP');
    await master.ask('SET', 'key', 'not yet replicated');
    const { code, output } = await master.run('pre-stop.sh');
    for (const replica of replicas) replica.signalRedis('SIGCONT');
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.stringContaining('0 of 2 replicas caught up'),
    });
    expect(await master.role()).toBe('master');
    expect(await master.ask('SET', 'key', 'value')).toBe('OK');
  },
  deadlineMs,
);

it('refuses the placeholder for a password, and one that would need encoding in a URL', async () => {
  for (const [REDIS_PASSWORD, reason] of [
    ['replace-me', 'letters and digits only'],
    ['short', 'shorter than 32 characters'],
  ] as const) {
    const group = await lay('session', { REDIS_PASSWORD });
    const { code, output } = await (group.all[0] as RedisPod).run('redis.sh');
    expect({ code, output }).toEqual({ code: 78, output: expect.stringContaining(reason) });
    await group.end();
  }
});

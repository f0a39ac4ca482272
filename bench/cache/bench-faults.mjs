// What each fault of Redis costs the callers of a cache with stock options: the first call, the calls after it, the way back, and the
// boot. Each operation meets each fault afresh, with memory and without it.
//
//   node bench/cache/bench-faults.mjs            after npm run build; prints the table
import { Logger } from '@nestjs/common';
import { openCache } from '@trivet/cache';
import { faults, FaultTarget } from '@trivet/fault-kit';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeTable } from './write-table.mjs';

// What the groups say of themselves is expected here, and would stand between the rows.
Logger.overrideLogger(false);

const calls = 1000;
const giveUpAfterMs = 15_000;

const tags = ['t'];
let count = 0;
const unseen = () => `key ${(count += 1)}`;
const operations = {
  'getOrSet, unknown key': (cache) => cache.getOrSet(unseen(), async () => 1, { tags }),
  'getOrSet, known key': (cache) => cache.getOrSet('known', async () => 1, { tags }),
  get: (cache) => cache.get(unseen()),
  getMany: (cache) => cache.getMany(['known', unseen()]),
  set: (cache) => cache.set('other', 1, { tags }),
  delete: (cache) => cache.delete('other'),
  deleteByTag: (cache) => cache.deleteByTag('other'),
  clear: (cache) => cache.namespace('n').clear(),
};

const ways = {
  refused: (target) => faults.refused.apply(target),
  'killed, port open': async ({ server }) => {
    await server.kill();
    return () => server.start().then(() => server.ready());
  },
  hung: (target) => faults.hung.apply(target),
  'slow by 2 s': ({ proxy }) => proxy.delay({ ms: 2000 }),
  'half-open': (target) => faults.halfOpen.apply(target),
  READONLY: (target) => faults.readOnly.apply(target),
  OOM: (target) => faults.outOfMemory.apply(target),
  WRONGTYPE: (target) => faults.wrongType.apply(target),
  garbage: (target) => faults.garbage.apply(target),
};

const highest = (numbers, share) => [...numbers].sort((a, b) => a - b)[Math.ceil(share * numbers.length) - 1];

let errors = 0;
async function timed(call) {
  const startedAt = performance.now();
  await call().catch(() => (errors += 1));
  return performance.now() - startedAt;
}

async function timesOf(call) {
  const times = [];
  for (let i = 0; i < calls; i += 1) times.push(await timed(call));
  return times;
}

/** Milliseconds until a value that is set is found in Redis again. */
async function wayBack(url, cache) {
  const startedAt = performance.now();
  const elsewhere = await openCache({ redis: { url }, memoryMaxBytes: 0 });
  try {
    while (performance.now() - startedAt < giveUpAfterMs) {
      const key = unseen();
      await cache.getOrSet(key, async () => 1);
      if ((await elsewhere.cache.get(key)) === 1) return performance.now() - startedAt;
      await sleep(5);
    }
    return Infinity;
  } finally {
    elsewhere.close();
  }
}

/** One operation through one fault. */
async function measure(apply, operation, memory) {
  const target = await FaultTarget.start();
  const opened = await openCache({ redis: { url: target.url }, ...memory });
  const call = () => operation(opened.cache);
  await opened.cache.set('known', 1, { tags });
  const healthy = highest(await timesOf(call), 0.99);
  const undo = await apply(target);
  const first = await timed(call);
  const after = highest(await timesOf(call), 0.99);
  await undo();
  const back = await wayBack(target.url, opened.cache);
  opened.close();
  await target.stop();
  return { first, added: after - healthy, back };
}

async function bootTime(apply) {
  const target = await FaultTarget.start();
  const undo = apply && (await apply(target));
  const startedAt = performance.now();
  const opened = await openCache({ redis: { url: target.url } });
  const time = performance.now() - startedAt;
  opened.close();
  await undo?.();
  await target.stop();
  return time;
}

/** How long a load waits whose key another process was loading when it was killed. */
async function waitForKilled() {
  const target = await FaultTarget.start();
  const holding = `
    import { openCache } from '@trivet/cache';
    const { cache } = await openCache({ redis: { url: process.argv[1] } });
    await cache.getOrSet('held', () => new Promise(() => console.log('begun')));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', holding, target.url], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const opened = await openCache({ redis: { url: target.url } });
  const time = await timed(() => opened.cache.getOrSet('held', async () => 1));
  opened.close();
  await target.stop();
  return time;
}

const milliseconds = (value) => value.toFixed(value < 10 ? 1 : 0);
const rows = [];
// The first ones also load code.
for (let i = 0; i < 3; i += 1) await bootTime();
const healthyBoot = await bootTime();
for (const [name, apply] of Object.entries(ways)) {
  const worst = { first: 0, added: 0, back: 0 };
  errors = 0;
  for (const operation of Object.values(operations)) {
    for (const memory of [{}, { memoryMaxBytes: 0 }]) {
      const measured = await measure(apply, operation, memory);
      for (const what of Object.keys(worst)) worst[what] = Math.max(worst[what], measured[what]);
    }
  }
  const boot = (await bootTime(apply)) - healthyBoot;
  rows.push([name, String(errors), ...[worst.first, worst.added, worst.back, boot].map(milliseconds)]);
  console.error(rows.at(-1).join(' | '));
}
writeTable(
  'faults',
  ['Redis is', 'exceptions', 'first call', 'p99 added after it', 'hits again after', 'added to the boot'],
  rows,
);
console.log(`A load whose key a killed process was loading waits ${milliseconds(await waitForKilled())} ms.`);
process.exit(0);

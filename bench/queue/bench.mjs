// What the queue costs and what it carries, beside what a reader would otherwise use. `npm run build` first, then
// `node bench/queue/bench.mjs [add] [durable] [relay]`. Medians of runs in turn, so that all see the same machine.
import { performance } from 'node:perf_hooks';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { inPairs, median, secondsFor } from '../beside/pairs.mjs';
import { job, migrate, openApp, payload } from './ours.mjs';
import { bullmqOnPostgres, bullmqOnRedis, graphileWorker, pgBoss } from './peers.mjs';
import { startStores } from './stores.mjs';

const bulk = 1000;
const perSecond = (jobs, seconds) => Math.round(jobs / seconds).toLocaleString('en');

/** A healthy add against BullMQ's own. */
async function benchAdd(stores) {
  const [ours, theirs] = [await openApp(stores), bullmqOnRedis(stores)];
  const payloads = Array(bulk).fill(payload);
  const cases = {
    'one after the other': [{ calls: 1000, inFlight: 1 }, 1],
    '100 in flight': [{ calls: 5000, inFlight: 100 }, 1],
    [`bulks of ${bulk}`]: [{ calls: 10, inFlight: 1 }, bulk],
  };
  console.log('\nA healthy add: ours against BullMQ on Redis');
  for (const [name, [work, jobs]] of Object.entries(cases)) {
    const ourAdd = jobs === 1 ? () => ours.queue.add(job, payload) : () => ours.queue.addBulk(job, payloads);
    const theirAdd = jobs === 1 ? () => theirs.add() : () => theirs.addBulk(bulk);
    const measure = (add) => secondsFor(add, work);
    for (const add of [theirAdd, ourAdd]) await measure(add); // Warm.
    const measured = await inPairs([ourAdd, theirAdd], 15, measure);
    const all = work.calls * jobs;
    console.log(
      `  ${name.padEnd(20)} ${perSecond(all, measured.ours)}/s against ${perSecond(all, measured.theirs)}/s, ` +
        `ratio of times ${measured.ratio.toFixed(3)} (${measured.from.toFixed(2)} to ${measured.to.toFixed(2)})`,
    );
    await emptyRedis(stores);
  }
  await ours.close();
  await theirs.close();
}

/** Jobs that are on PostgreSQL's disk when the add is answered. */
async function benchDurable(stores) {
  const ours = await openApp(stores);
  // Without a replica this durability goes straight to the outbox.
  const durable = { durability: 'replicated' };
  const outbox = {
    name: 'the outbox',
    add: () => ours.queue.add(job, payload, durable),
    addBulk: (count) => ours.queue.addBulk(job, Array(count).fill(payload), durable),
    close: () => ours.close(),
  };
  const contenders = [outbox];
  for (const open of [bullmqOnPostgres, pgBoss, graphileWorker]) contenders.push(await open(stores));
  const cases = {
    'one after the other': { call: ({ add }) => add(), calls: 300, inFlight: 1, jobs: 1 },
    '100 in flight': { call: ({ add }) => add(), calls: 3000, inFlight: 100, jobs: 1 },
    '500 in flight': { call: ({ add }) => add(), calls: 10_000, inFlight: 500, jobs: 1 },
    [`bulks of ${bulk}`]: { call: ({ addBulk }) => addBulk(bulk), calls: 10, inFlight: 1, jobs: bulk },
  };
  console.log('\nDurable jobs a second');
  console.log(
    `  ${''.padEnd(22)}${Object.keys(cases)
      .map((name) => name.padStart(21))
      .join('')}`,
  );
  const seconds = new Map(contenders.map((contender) => [contender, []]));
  for (const { call, calls, inFlight, jobs } of Object.values(cases)) {
    const runs = new Map(contenders.map((contender) => [contender, []]));
    for (let turn = 0; turn < 5; turn += 1) {
      for (const contender of contenders) {
        runs.get(contender).push(await secondsFor(() => call(contender), { calls, inFlight }));
      }
    }
    for (const contender of contenders) {
      seconds.get(contender).push(perSecond(calls * jobs, median(runs.get(contender))));
    }
  }
  for (const [{ name }, row] of seconds)
    console.log(`  ${name.padEnd(22)}${row.map((cell) => cell.padStart(21)).join('')}`);
  for (const { close } of contenders) await close();
}

/** From the outbox into Redis, by one worker; the queue is paused so that running jobs is not measured as well. */
async function benchRelay(stores) {
  const rows = 60_000;
  const pool = new Pool({ connectionString: stores.postgres.url, max: 1 });
  const connection = new Redis(stores.redis.url, { maxRetriesPerRequest: null });
  const paused = new Queue(job.queue, { connection });
  await paused.pause();
  console.log('\nRelay, from PostgreSQL to Redis');
  for (let turn = 0; turn < 3; turn += 1) {
    await pool.query('truncate queue.outbox');
    const filling = await openApp(stores);
    for (let filled = 0; filled < rows; filled += bulk) {
      await filling.queue.addBulk(job, Array(bulk).fill(payload), { durability: 'replicated' });
    }
    await filling.close();
    await pool.query('vacuum analyze queue.outbox');
    const worker = await openApp(stores, { worker: true });
    const startedAt = performance.now();
    const waiting = 'select 1 from queue.outbox where sent_at is null limit 1';
    while ((await pool.query(waiting)).rowCount > 0) await sleep(25);
    console.log(
      `  ${perSecond(rows, (performance.now() - startedAt) / 1000)} jobs/s (${rows} rows, one worker)`,
    );
    await worker.close();
    await paused.obliterate({ force: true });
    await paused.pause();
  }
  await paused.close();
  connection.disconnect();
  await pool.end();
}

async function emptyRedis({ redis }) {
  await redis.command('FLUSHALL');
}

const benches = { add: benchAdd, durable: benchDurable, relay: benchRelay };
const chosen = process.argv.slice(2);
const stores = await startStores();
try {
  await migrate(stores.postgres.url);
  for (const [name, run] of Object.entries(benches)) {
    if (chosen.length === 0 || chosen.includes(name)) await run(stores);
  }
} finally {
  await stores.stop();
}

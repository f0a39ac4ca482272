// What the caches do where they differ, each with the options that its documentation gives for two tiers: every line is an
// experiment that is made with each of them, and the table shows what was seen.
//
//   node bench/cache/bench-behaviour.mjs            after npm run build; prints the table
//   node bench/cache/bench-behaviour.mjs --write    puts it into libs/cache/README.md
import { Logger } from '@nestjs/common';
import { RedisServer } from '@trivet/fault-kit';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { openers } from './subjects.mjs';
import { writeTable } from './write-table.mjs';

Logger.overrideLogger(false);
// Peers tell of a Redis that is gone by errors that nobody can catch.
process.on('unhandledRejection', () => undefined);
process.on('uncaughtException', () => undefined);

const longest = 3000;

/** How long a call takes, or that it does not end. */
async function timeOf(call) {
  const startedAt = performance.now();
  const over = sleep(longest, `more than ${longest} ms`, { ref: false });
  const ended = call().then(
    () => `${Math.round(performance.now() - startedAt)} ms`,
    () => `an error after ${Math.round(performance.now() - startedAt)} ms`,
  );
  return Promise.race([ended, over]);
}

/** The origin changes while it is being loaded from, and whoever changed it says so: what is shown then? */
async function overtake(reader, writer) {
  let origin = 'the old value';
  const load = async () => {
    const value = origin;
    await sleep(200);
    return value;
  };
  const loading = reader.getOrSet('k', load);
  await sleep(50);
  origin = 'the new value';
  await writer.delete('k');
  await loading;
  await sleep(100);
  return reader.getOrSet('k', load);
}

/** Time stands three seconds ahead for whatever `run` does. */
async function ahead(run) {
  const now = Date.now;
  Date.now = () => now() + 3000;
  try {
    await run();
  } finally {
    Date.now = now;
  }
}

const experiments = {
  'Redis hangs: the first look-up takes': async ({ a, server }) => {
    server.hang();
    const time = await timeOf(() => a.getOrSet('unknown', async () => 1));
    server.resume();
    return time;
  },
  'Redis hangs: a look-up a second later takes': async ({ a, server }) => {
    server.hang();
    void a.getOrSet('unknown', async () => 1).catch(() => undefined);
    await sleep(1000);
    const time = await timeOf(() => a.getOrSet('another', async () => 1));
    server.resume();
    return time;
  },
  'a cold key in 4 processes: loads': async ({ open }) => {
    const four = await Promise.all([1, 2, 3, 4].map(() => open()));
    let loads = 0;
    const load = async () => {
      loads += 1;
      await sleep(100);
      return 1;
    };
    await Promise.all(four.map((cache) => cache.getOrSet('cold', load)));
    return String(loads);
  },
  '100 callers of a failing origin: runs': async ({ a }) => {
    let runs = 0;
    const fail = async () => {
      runs += 1;
      await sleep(10);
      throw new Error('The origin is away.');
    };
    await Promise.all(Array.from({ length: 100 }, () => a.getOrSet('failing', fail).catch(() => undefined)));
    return String(runs);
  },
  'a delete during a load: later shows': ({ a }) => overtake(a, a),
  'a delete by another process during a load: later shows': ({ a, b }) => overtake(a, b),
  'another process writes: shown 100 ms later': async ({ a, b }) => {
    await a.set('k', 'the old value');
    await a.getOrSet('k', async () => 'the old value');
    await b.set('k', 'the new value');
    await sleep(100);
    return a.getOrSet('k', async () => 'the new value');
  },
  'the same with the feed cut: shown a second later': async ({ a, b, server }) => {
    await a.set('k', 'the old value');
    await a.getOrSet('k', async () => 'the old value');
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await b.set('k', 'the new value');
    await sleep(1000);
    return a.getOrSet('k', async () => 'the new value');
  },
  'an invalidation by tag, the writer’s clock 3 s ahead: later shows': async ({ a, b }) => {
    if (!a.deleteByTag) return 'has no tags';
    await ahead(() => a.set('k', 'the old value', { tags: ['t'] }));
    await sleep(20);
    await b.deleteByTag('t');
    await sleep(100);
    return a.getOrSet('k', async () => 'the new value', { tags: ['t'] });
  },
  'an origin that fails after a value’s end: 10 reads in a back-off of 5 s get it, attempts': async ({
    a,
  }) => {
    if (!a.withGrace) return 'has no grace';
    let attempts = 0;
    let served = 0;
    const fail = async () => {
      attempts += 1;
      throw new Error('The origin is away.');
    };
    await a.withGrace('k', async () => 'the last good value');
    await sleep(1200);
    for (let read = 0; read < 10; read += 1) {
      await a.withGrace('k', fail).then(
        () => (served += 1),
        () => undefined,
      );
      await sleep(20);
    }
    return `${served} get it, ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  },
  'clear() beside another program’s key': async ({ a, server }) => {
    await a.set('k', 'a value');
    await server.command('SET', 'of another program', '1');
    await a.clear();
    return (await server.command('EXISTS', 'of another program')) === 1 ? 'leaves it' : 'deletes it';
  },
};

/** One experiment with one cache, on a server of its own. */
async function seen(opener, experiment) {
  const server = await RedisServer.start();
  const opened = [];
  const open = async () => {
    const cache = await opener(server.url, 'tiered');
    opened.push(cache);
    return cache;
  };
  const [a, b] = [await open(), await open()];
  // Feeds are subscribed to by now.
  await sleep(100);
  try {
    return String(await experiment({ a, b, open, server }));
  } finally {
    await Promise.race([Promise.allSettled(opened.map((cache) => cache.close())), sleep(1000)]);
    await server.stop();
  }
}

const rows = [];
for (const [name, experiment] of Object.entries(experiments)) {
  const cells = [];
  for (const opener of Object.values(openers)) cells.push(await seen(opener, experiment));
  rows.push([name, ...cells]);
  console.error(rows.at(-1).join(' | '));
}
writeTable('behaviour', ['', ...Object.keys(openers)], rows);
process.exit(0);

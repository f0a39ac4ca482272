// Trivet's cache beside BentoCache, cache-manager, cacheable and bare ioredis: the same work for each in one process, in
// short turns one after the other, so that the machine's mood is the same for all. Prints medians and ratios as a table.
//
//   node bench/cache/bench.mjs            after npm run build
//   node bench/cache/bench.mjs --write    puts the table into libs/cache/README.md
import { Logger } from '@nestjs/common';
import { RedisServer } from '@trivet/fault-kit';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../beside/pairs.mjs';
import { openAll } from './subjects.mjs';
import { writeTable } from './write-table.mjs';

// Redis goes away under the caches when they are closed.
Logger.overrideLogger(false);

/** With a quarter of them the ratios say as much about the machine as about the caches. */
const turns = Number(process.env.TURNS ?? 100);
const turnMs = Number(process.env.TURN_MS ?? 60);

const text = 'a value of some thirty bytes...';
const hundred = Array.from({ length: 100 }, (_, id) => ({
  id,
  name: `item ${id}`,
  price: id * 1.1,
  tags: ['a', 'b'],
}));

const never = async () => {
  throw new Error('This should have been a hit.');
};

/** Calls per second of `call` in a turn. */
async function speed(call, lanes) {
  let calls = 0;
  const startedAt = performance.now();
  const lane = async () => {
    while (performance.now() - startedAt < turnMs) {
      for (let i = 0; i < 20; i += 1) await call();
      calls += 20;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (calls / (performance.now() - startedAt)) * 1000;
}

/** @param work makes the call that is measured, once per subject */
async function compare(subjects, work, lanes = 1) {
  const calls = [];
  for (const subject of subjects) calls.push(await work(subject));
  const results = subjects.map(() => []);
  for (let turn = -1; turn < turns; turn += 1) {
    for (let place = 0; place < subjects.length; place += 1) {
      // Who goes first alternates; the first turn only warms up.
      const index = (place + turn + 1) % subjects.length;
      const result = await speed(calls[index], lanes);
      // A turn in memory never yields: without this nobody would hear of Redis for a second.
      await sleep(20);
      if (turn >= 0) results[index].push(result);
    }
  }
  return results;
}

const hit =
  (value, many = 1) =>
  async (subject) => {
    // Keys of its own: not all of them have a prefix.
    const keys = Array.from({ length: many }, (_, i) => `${subject.name}: hit ${i}`);
    for (const key of keys) {
      await subject.set(key, value);
      await subject.getOrSet(key, async () => value);
    }
    let next = 0;
    return () => subject.getOrSet(keys[(next += 1) % many], never);
  };
const set = (value) => async (subject) => () => subject.set(`${subject.name}: set`, value);
let cold = 0;
const coldLoad = async (subject) => async () => {
  const key = `${subject.name}: cold ${(cold += 1)}`;
  let runs = 0;
  const load = async () => {
    runs += 1;
    await sleep(5);
    return hundred;
  };
  await Promise.all(Array.from({ length: 100 }, () => subject.getOrSet(key, load)));
  if (runs !== 1) subject.extraRuns = (subject.extraRuns ?? 0) + runs - 1;
};

const cases = [
  ['L1 hit, 100 objects', 'memory', hit(hundred)],
  ['L1 hit, text', 'memory', hit(text)],
  ['L2 hit, 100 objects, one at a time', 'redis', hit(hundred)],
  ['L2 hit, 100 objects, 50 at a time', 'redis', hit(hundred, 50), 50],
  ['L2 hit, text, one at a time', 'redis', hit(text)],
  ['L2 hit, text, 50 at a time', 'redis', hit(text, 50), 50],
  ['L2 hit, text, 50 at a time of one key', 'redis', hit(text), 50],
  ['tiered hit, 100 objects', 'tiered', hit(hundred)],
  ['tiered set, text', 'tiered', set(text)],
  ['tiered set, 100 objects', 'tiered', set(hundred)],
  ['cold load under 100 callers', 'tiered', coldLoad],
];

const only = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const server = await RedisServer.start();
const rows = [];
let names = [];
for (const [title, tiers, work, lanes] of cases) {
  if (only && !title.includes(only)) continue;
  await server.command('FLUSHALL');
  const subjects = await openAll(server.url, tiers);
  const results = await compare(subjects, work, lanes);
  names = subjects.length > names.length ? subjects.map(({ name }) => name) : names;
  const [ours] = results;
  const cells = results.map((each, index) => {
    const perSecond = Math.round(median(each)).toLocaleString('en');
    const ratio = median(each.map((value, turn) => ours[turn] / value)).toFixed(2);
    return index === 0 ? perSecond : `${perSecond} (${ratio})`;
  });
  rows.push([title, ...cells]);
  console.error(rows.at(-1).join(' | '));
  await Promise.all(subjects.map((subject) => subject.close()));
}
await server.stop();
writeTable('bench', ['calls per second', ...names], rows);
process.exit(0);

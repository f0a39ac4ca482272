// What `GuardedRedis.attempt` adds to a healthy call: GET through it against GET on a bare ioredis client, the two in
// turn in one process, so that the machine's mood is the same for both. Prints the median ratio of pairs.
import { performance } from 'node:perf_hooks';
import { RedisServer } from '@trivet/fault-kit';
import { openGuardedRedis } from '@trivet/redis';
import { Redis } from 'ioredis';

const pairs = 21;
const calls = 4000;
const inFlight = 50;
const operation = { name: 'bench.get', kind: 'read' };

const server = await RedisServer.start();
const bare = new Redis(server.url);
const guarded = await openGuardedRedis({ group: 'bench', url: server.url });
await bare.set('key', 'a value of some thirty bytes...');

async function secondsFor(call) {
  let left = calls;
  const startedAt = performance.now();
  const lane = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (performance.now() - startedAt) / 1000;
}

const plain = () => bare.get('key');
const attempt = () => guarded.attempt(operation, (redis) => redis.get('key'));
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

await secondsFor(plain);
await secondsFor(attempt);
const rows = [];
for (let i = 0; i < pairs; i += 1) {
  // Who goes first alternates.
  const row = {};
  for (const name of i % 2 ? ['plain', 'attempt'] : ['attempt', 'plain']) {
    row[name] = await secondsFor(name === 'plain' ? plain : attempt);
  }
  rows.push(row);
}
const ratios = rows.map((row) => row.attempt / row.plain);
console.log(`bare ioredis  ${Math.round(calls / median(rows.map((row) => row.plain)))} GET/s`);
console.log(`attempt       ${Math.round(calls / median(rows.map((row) => row.attempt)))} GET/s`);
console.log(
  `ratio of times, attempt / bare: median ${median(ratios).toFixed(2)}, ` +
    `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} over ${pairs} pairs, ${inFlight} in flight`,
);

guarded.close();
bare.disconnect();
await server.stop();

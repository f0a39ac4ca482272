// What `GuardedRedis.attempt` adds to a healthy call: GET through it against GET on a bare ioredis client, the two in
// turn in one process, so that the machine's mood is the same for both. Prints the median ratio of pairs.
import { RedisServer } from '@trivet/fault-kit';
import { openGuardedRedis } from '@trivet/redis';
import { Redis } from 'ioredis';
import { inPairs, secondsFor } from './beside/pairs.mjs';

const pairs = 21;
const calls = 4000;
const inFlight = 50;
const operation = { name: 'bench.get', kind: 'read' };

const server = await RedisServer.start();
const bare = new Redis(server.url);
const guarded = await openGuardedRedis({ group: 'bench', url: server.url });
await bare.set('key', 'a value of some thirty bytes...');

const plain = () => bare.get('key');
const attempt = () => guarded.attempt(operation, (redis) => redis.get('key'));
const measure = (call) => secondsFor(call, { calls, inFlight });

for (const call of [plain, attempt]) await measure(call); // Warm.
const { ours, theirs, ratio, from, to } = await inPairs([attempt, plain], pairs, measure);
console.log(`bare ioredis  ${Math.round(calls / theirs)} GET/s`);
console.log(`attempt       ${Math.round(calls / ours)} GET/s`);
console.log(
  `ratio of times, attempt / bare: median ${ratio.toFixed(2)}, ` +
    `${from.toFixed(2)} to ${to.toFixed(2)} over ${pairs} pairs, ${inFlight} in flight`,
);

guarded.close();
bare.disconnect();
await server.stop();

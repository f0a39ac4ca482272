// The cache library's suite of facts about HTTP answers, run against its own interceptor and against
// @nestjs/cache-manager's, over the same Redis. Prints which holds for which.
//
//   node bench/cache/conformance.mjs            after npm run build
//   node bench/cache/conformance.mjs --write    puts the table into libs/cache/README.md
import { createKeyv } from '@keyv/redis';
import { CacheInterceptor, CacheModule as NestCacheModule, CacheTTL } from '@nestjs/cache-manager';
import { CacheModule, HttpCache, HttpCacheInterceptor, SharedResponse } from '@trivet/cache';
import { httpConformance } from '@trivet/cache/testing';
import { RedisServer } from '@trivet/fault-kit';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeTable } from './write-table.mjs';

const mostMs = 10_000;
const server = await RedisServer.start();

const trivet = {
  name: 'Trivet',
  interceptors: [HttpCacheInterceptor],
  cache: CacheModule.forRoot({ redis: { url: server.url, bootWaitMs: 1000 } }),
  shortLived: () => HttpCache({ ttlSeconds: 0.05 }),
  shared: () => SharedResponse(),
};
const nest = () => ({
  name: '@nestjs/cache-manager 12.0.0',
  interceptors: [CacheInterceptor],
  cache: NestCacheModule.register({ isGlobal: true, ttl: 60_000, stores: [createKeyv(server.url)] }),
  shortLived: () => CacheTTL(50),
  // It has no such declaration.
  shared: () => () => undefined,
});

async function holds(each, subject) {
  await server.command('FLUSHALL');
  const timeout = sleep(mostMs, 'no end', { ref: false });
  return Promise.race([each.run(subject), timeout]).then(
    (end) => end !== 'no end',
    () => false,
  );
}

const rows = [];
const sums = [0, 0];
for (const each of httpConformance) {
  const results = [await holds(each, trivet), await holds(each, nest())];
  results.forEach((isTrue, index) => (sums[index] += Number(isTrue)));
  rows.push([each.name, ...results.map((isTrue) => (isTrue ? 'yes' : 'no'))]);
}
rows.push([`**of ${rows.length}**`, ...sums.map((sum) => `**${sum}**`)]);
await server.stop();
writeTable('conformance', ['the interceptor', trivet.name, nest().name], rows);
process.exit(sums[0] === httpConformance.length ? 0 : 1);

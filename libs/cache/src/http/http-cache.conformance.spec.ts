import { RedisServer } from '@trivet/fault-kit';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { CacheModule } from '../cache.module.js';
import { httpConformance } from '../testing/http-conformance.js';
import type { HttpCacheSubject } from '../testing/http-subject.js';
import { HttpCacheInterceptor } from './http-cache.interceptor.js';
import { HttpCache } from './http-cache.options.js';
import { SharedResponse } from './shared-response.js';

let server: RedisServer;
let subject: HttpCacheSubject;

beforeAll(async () => {
  server = await RedisServer.start();
  subject = {
    name: 'Trivet',
    interceptors: [HttpCacheInterceptor],
    cache: CacheModule.forRoot({ redis: { url: server.url, bootWaitMs: 1000, deadlineMs: 1000 } }),
    shortLived: () => HttpCache({ ttlSeconds: 0.05 }),
    shared: () => SharedResponse(),
  };
});

afterAll(() => server.stop());

beforeEach(() => server.command('FLUSHALL'));

it.each(httpConformance.map((each) => [each.name, each] as const))('%s', async (_name, each) => {
  await each.run(subject);
});

it('covers more than twenty-five facts', () => {
  expect(httpConformance.length).toBeGreaterThan(25);
});

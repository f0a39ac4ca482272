import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';
import { getRedisToken, type BreakerState, type GuardedRedis } from '@trivet/redis';
import type { Cache as CacheManager } from 'cache-manager';
import { CacheModule } from './cache.module.js';
import { Cache } from './cache.js';
import { CACHE_MANAGER } from './cache.tokens.js';

/** Milliseconds: tells an answer from a hang. What an answer may cost is the chaos table's matter. */
const notAtAHang = 1500;

describe('the cache', () => {
  let server: RedisServer;
  let module: TestingModule;
  let cache: Cache;
  let origin: string;
  const load = async () => origin;

  function reaches(wanted: (state: BreakerState) => boolean): Promise<void> {
    return module.get<GuardedRedis>(getRedisToken('cache')).reaches(wanted);
  }
  const whole = () => reaches((state) => state.writes === 'up');
  const gone = () => reaches((state) => state.reads === 'down');

  beforeEach(async () => {
    server = await RedisServer.start();
    module = await Test.createTestingModule({
      imports: [
        CacheModule.forRoot({
          redis: { url: server.url, deadlineMs: 500, healthIntervalMs: 100, bootWaitMs: 1000 },
        }),
      ],
    }).compile();
    await module.init();
    cache = module.get(Cache);
    origin = 'first';
  });

  afterEach(async () => {
    await module.close();
    await server.stop();
  });

  it('serves existing code through CACHE_MANAGER', async () => {
    const manager = module.get<CacheManager>(CACHE_MANAGER);
    await manager.set('k', 'v', 5000);
    expect(await manager.get('k')).toBe('v');
    expect(await cache.get('k')).toBe('v');
  });

  it.each([
    ['killed', () => server.kill(), () => server.start()],
    ['hung', async () => server.hang(), async () => server.resume()],
  ])('falls through to the origin while Redis is %s, and hits again after', async (_how, breakIt, mend) => {
    await breakIt();
    expect(await cache.getOrSet('k', load)).toBe('first');
    await gone();
    const startedAt = performance.now();
    expect(await cache.getOrSet('cold', load)).toBe('first');
    await cache.set('k', 1);
    await cache.delete('k');
    await cache.clear();
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    await mend();
    await whole();
    await cache.getOrSet('other', load);
    expect((await cache.lookUp('other', load)).outcome).toBe('HIT');
  });

  it.each([
    ['full', ['CONFIG', 'SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction']],
    ['read-only', ['REPLICAOF', '127.0.0.1', '1']],
  ])('goes on hitting what a %s Redis still holds', async (_state, fault) => {
    await cache.set('held', 'old');
    await server.command(...fault);
    expect(await cache.getOrSet('k', load)).toBe('first');
    expect(await cache.get('held')).toBe('old');
  });

  it('does not show the old value after an outage in which it was invalidated', async () => {
    await cache.getOrSet('k', load);
    server.hang();
    await gone();
    origin = 'second';
    await cache.delete('k');
    server.resume();
    await whole();
    expect(await cache.getOrSet('k', load)).toBe('second');
  });

  it('caches a value again that was invalidated while Redis lost everything', async () => {
    await server.kill();
    await gone();
    await cache.delete('k');
    await server.start();
    await whole();
    // Behind the deletion that the store makes up for, on the same connection.
    await cache.getOrSet('k', load);
    expect((await cache.lookUp('k', load)).outcome).toBe('HIT');
  });
});

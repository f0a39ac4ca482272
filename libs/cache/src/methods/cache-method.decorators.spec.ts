import { Injectable, Module, Scope } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { RedisServer } from '@trivet/fault-kit';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Cache } from '../cache.js';
import { CacheModule } from '../cache.module.js';
import { Cacheable, CacheEvict, CachePut } from './cache-method.decorators.js';

@Injectable()
class Prices {
  runs = 0;
  readonly #vat = 1.2;

  @Cacheable({ key: (id: string) => `price:${id}`, tags: (id: string) => ['prices', id] })
  async of(id: string) {
    this.runs += 1;
    return { id, gross: 10 * this.#vat };
  }

  @Cacheable()
  async sum(left: number, right: number) {
    this.runs += 1;
    return left + right;
  }

  @CachePut({ key: (id: string) => `price:${id}` })
  async change(id: string, gross: number) {
    return { id, gross };
  }

  @CacheEvict({ keys: (id: string) => [`price:${id}`] })
  async forget(id: string) {
    if (id === 'unknown') throw new Error('There is no such price.');
  }

  @CacheEvict({ tags: ['prices'] })
  async forgetAll() {}
}

@Injectable({ scope: Scope.REQUEST })
class OwnPrices {
  @Cacheable({ key: 'own' })
  async mine() {
    return 'mine';
  }
}

@Module({ providers: [Prices, OwnPrices] })
class PricesModule {}

let server: RedisServer;
let module: TestingModule;
let prices: Prices;

beforeAll(async () => {
  server = await RedisServer.start();
  module = await Test.createTestingModule({
    imports: [CacheModule.forRoot({ redis: { url: server.url, bootWaitMs: 1000 } }), PricesModule],
  }).compile();
  prices = module.get(Prices);
});

afterAll(async () => {
  await module.close();
  await server.stop();
});

beforeEach(async () => {
  await module.get(Cache).clear();
  prices.runs = 0;
});

it('answers a method from the cache, by its key', async () => {
  expect([await prices.of('a'), await prices.of('a'), await prices.of('b')]).toEqual([
    { id: 'a', gross: 12 },
    { id: 'a', gross: 12 },
    { id: 'b', gross: 12 },
  ]);
  expect(prices.runs).toBe(2);
});

it('tells calls apart by class, method and arguments when there is no key', async () => {
  expect([await prices.sum(1, 2), await prices.sum(1, 2), await prices.sum(2, 2)]).toEqual([3, 3, 4]);
  expect(prices.runs).toBe(2);
});

it('caches what a method answers each time', async () => {
  await prices.of('a');
  await prices.change('a', 99);
  expect(await prices.of('a')).toEqual({ id: 'a', gross: 99 });
});

it('invalidates by key once the method has succeeded', async () => {
  await prices.of('a');
  await expect(prices.forget('unknown')).rejects.toThrow('no such price');
  await prices.of('a');
  expect(prices.runs).toBe(1);
  await prices.forget('a');
  await prices.of('a');
  expect(prices.runs).toBe(2);
});

it('invalidates by tag', async () => {
  await Promise.all([prices.of('a'), prices.of('b')]);
  await prices.forgetAll();
  await Promise.all([prices.of('a'), prices.of('b')]);
  expect(prices.runs).toBe(4);
});

it('works in providers of a request', async () => {
  const own = await module.resolve(OwnPrices);
  expect([await own.mine(), await module.get(Cache).get('own')]).toEqual(['mine', 'mine']);
});

// The caches that are compared, each as its documentation wires it for one, the other or both tiers.
import KeyvRedis, { createKeyv } from '@keyv/redis';
import { RedisMessageProvider } from '@qified/redis';
import { openCache } from '@trivet/cache';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver, redisBusDriver } from 'bentocache/drivers/redis';
import { createCache } from 'cache-manager';
import { Cacheable } from 'cacheable';
import { Redis as RedisFive } from 'ioredis';
import { Redis } from 'ioredis-six';
import { Keyv } from 'keyv';

/** @typedef {'memory' | 'redis' | 'tiered'} Tiers */

const ttlMs = 600_000;
const grace = { graceSeconds: 600, backOffSeconds: 5 };

async function trivet(url, tiers) {
  const opened = await openCache({
    redis: { url },
    ttlSeconds: ttlMs / 1000,
    ...(tiers === 'redis' ? { memoryMaxBytes: 0 } : {}),
  });
  const { cache } = opened;
  return {
    name: 'Trivet',
    getOrSet: (key, load, options) => cache.getOrSet(key, load, options),
    set: (key, value, options) => cache.set(key, value, options),
    delete: (key) => cache.delete(key),
    deleteByTag: (tag) => cache.deleteByTag(tag),
    clear: () => cache.clear(),
    withGrace: (key, load) => cache.getOrSet(key, load, { ttlSeconds: 1, ...grace }),
    close: () => opened.close(),
  };
}

async function bento(url, tiers) {
  const store = bentostore();
  const connection = new RedisFive(url);
  if (tiers !== 'redis') store.useL1Layer(memoryDriver({ maxItems: 10_000, serialize: false }));
  if (tiers !== 'memory') store.useL2Layer(redisDriver({ connection }));
  if (tiers === 'tiered') store.useBus(redisBusDriver({ connection: connection.options }));
  const cache = new BentoCache({ default: 'store', stores: { store }, ttl: ttlMs });
  return {
    name: 'BentoCache 1.6.1',
    getOrSet: (key, factory, options) => cache.getOrSet({ key, factory, ...options }),
    set: (key, value, options) => cache.set({ key, value, ...options }),
    delete: (key) => cache.delete({ key }),
    deleteByTag: (tag) => cache.deleteByTag({ tags: [tag] }),
    clear: () => cache.clear(),
    withGrace: (key, factory) =>
      cache.getOrSet({
        key,
        factory,
        ttl: 1000,
        grace: grace.graceSeconds * 1000,
        graceBackoff: grace.backOffSeconds * 1000,
      }),
    close: async () => {
      await cache.disconnect();
      connection.disconnect();
    },
  };
}

async function cacheManager(url, tiers) {
  const stores = [
    ...(tiers === 'redis' ? [] : [new Keyv()]),
    ...(tiers === 'memory' ? [] : [createKeyv(url)]),
  ];
  const cache = createCache({ stores, ttl: ttlMs });
  return {
    name: 'cache-manager 7.2.9',
    getOrSet: (key, load) => cache.wrap(key, load),
    set: (key, value) => cache.set(key, value),
    delete: (key) => cache.del(key),
    clear: () => cache.clear(),
    close: () => cache.disconnect(),
  };
}

async function cacheable(url, tiers, { tags = false } = {}) {
  // Without a primary it is its own memory. Adapters, not Keyvs: it takes no Keyv of another copy of the package.
  const cache = new Cacheable({
    ...(tiers === 'redis' ? { primary: new KeyvRedis(url) } : {}),
    ...(tiers === 'tiered'
      ? { secondary: new KeyvRedis(url), sync: { qified: new RedisMessageProvider({ uri: url }) } }
      : {}),
    ttl: ttlMs,
    ...(tags ? { tags } : {}),
  });
  return {
    name: 'cacheable 2.5.0',
    getOrSet: (key, load, options) => cache.getOrSet(key, load, options),
    set: (key, value, options) => cache.set(key, value, options),
    delete: (key) => cache.delete(key),
    deleteByTag: (tag) => cache.tags.invalidateTag(tag),
    clear: () => cache.clear(),
    close: () => cache.disconnect(),
  };
}

/** What cannot be beaten: GET and JSON.parse, or SET and JSON.stringify, on a bare client. */
async function bare(url) {
  const redis = new Redis(url);
  const set = async (key, value) => redis.set(key, JSON.stringify(value), 'PX', ttlMs);
  return {
    name: 'ioredis 6.0.0, bare',
    getOrSet: async (key, load) => {
      const text = await redis.get(key);
      if (text !== null) return JSON.parse(text);
      const value = await load();
      await set(key, value);
      return value;
    },
    set,
    close: () => redis.disconnect(),
  };
}

/** Those that take an application's work. */
export const openers = {
  Trivet: trivet,
  'BentoCache 1.6.1': bento,
  'cache-manager 7.2.9': cacheManager,
  'cacheable 2.5.0': (url, tiers) => cacheable(url, tiers, { tags: true }),
};

/** Opens everybody for one arrangement of tiers; the first is the one that the others are measured against. */
export async function openAll(url, tiers) {
  const makers = [trivet, bento, cacheManager, cacheable, ...(tiers === 'memory' ? [] : [bare])];
  return Promise.all(makers.map((make) => make(url, tiers)));
}

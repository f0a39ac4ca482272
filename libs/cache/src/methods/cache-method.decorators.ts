import { Inject } from '@nestjs/common';
import { Cache, type CacheSetOptions } from '../cache.js';

// Structural on purpose: a decorator must fit methods of any signature.
type Method<A extends readonly never[], R> = (...args: A) => Promise<R>;
type MethodDescriptor<A extends readonly never[], R> = TypedPropertyDescriptor<Method<A, R>>;
type Decorator<A extends readonly never[], R> = (
  target: object,
  name: string | symbol,
  descriptor: MethodDescriptor<A, R>,
) => MethodDescriptor<A, R>;

/** Names of things, or how to tell them from a call's arguments. */
type From<A extends readonly never[], T> = T | ((...args: A) => T);

/** Options of {@link Cacheable} and {@link CachePut}. */
export interface CacheMethodOptions<A extends readonly never[]> extends Omit<CacheSetOptions, 'tags'> {
  /** The key, or how to make it; without one it is made of class, method and arguments. */
  readonly key?: From<A, string>;
  /** @default [] */
  readonly tags?: From<A, readonly string[]>;
}

/** Options of {@link CacheEvict}. */
export interface CacheEvictOptions<A extends readonly never[]> {
  readonly keys?: From<A, readonly string[]>;
  readonly tags?: From<A, readonly string[]>;
  /** Empties the cache's namespace. @default false */
  readonly all?: boolean;
}

const CACHE = Symbol('Cache');

/** Answers calls of a provider's asynchronous method from the cache; see {@link Cache.getOrSet}. */
export function Cacheable<A extends readonly never[], R>(
  options: CacheMethodOptions<A> = {},
): Decorator<A, R> {
  return wrap((cache, call) =>
    cache.getOrSet(keyOf(options, call), call.run, entryOptions(options, call.args)),
  );
}

/** Runs the method each time, and caches what it answers under the key that {@link Cacheable} would use. */
export function CachePut<A extends readonly never[], R>(
  options: CacheMethodOptions<A> = {},
): Decorator<A, R> {
  return wrap(async (cache, call) => {
    const value = await call.run();
    await cache.set(keyOf(options, call), value, entryOptions(options, call.args));
    return value;
  });
}

/** Invalidates keys or tags once the method has succeeded. */
export function CacheEvict<A extends readonly never[], R>(options: CacheEvictOptions<A>): Decorator<A, R> {
  return wrap(async (cache, { run, args }) => {
    const value = await run();
    await Promise.all([
      cache.delete(...(from(options.keys, args) ?? [])),
      cache.deleteByTag(...(from(options.tags, args) ?? [])),
      options.all ? cache.clear() : undefined,
    ]);
    return value;
  });
}

interface Call<A, R> {
  readonly args: A;
  /** `Class.method` */
  readonly name: string;
  readonly run: () => Promise<R>;
}

function wrap<A extends readonly never[], R>(
  around: (cache: Cache, call: Call<A, R>) => Promise<R>,
): Decorator<A, R> {
  return (target, name, descriptor) => {
    // By property, so that the class's constructor does not need to know.
    Inject(Cache)(target, CACHE);
    const method = descriptor.value as Method<A, R>;
    const wrapped = function (this: { readonly [CACHE]: Cache }, ...args: A): Promise<R> {
      const call = {
        args,
        name: `${target.constructor.name}.${String(name)}`,
        run: () => Reflect.apply(method, this, args),
      };
      return around(this[CACHE], call);
    };
    // What other decorators have noted on the method stays with it.
    for (const key of Reflect.getMetadataKeys(method)) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, method), wrapped);
    }
    return { ...descriptor, value: wrapped };
  };
}

function keyOf<A extends readonly never[]>(
  { key }: CacheMethodOptions<A>,
  { args, name }: Call<A, unknown>,
): string {
  return from(key, args) ?? `${name}:${JSON.stringify(args)}`;
}

function entryOptions<A extends readonly never[]>(options: CacheMethodOptions<A>, args: A): CacheSetOptions {
  return { ...options, tags: from(options.tags, args) ?? [] };
}

function from<A extends readonly never[], T>(source: From<A, T> | undefined, args: A): T | undefined {
  return typeof source === 'function' ? (source as (...args: A) => T)(...args) : source;
}

import { markDegraded, type GuardedRedis, type RedisOperation } from '@trivet/redis';

/** More names than this go into a command of their own, so that no reply grows beyond its deadline. */
const mostNames = 128;

const read: RedisOperation = { name: 'cache.read', kind: 'read' };

type Reply = readonly (Buffer | null)[] | undefined;

/** The reads of one tick as one MGET. It takes a key of another type as absent, and no server error breaks others' reads. */
export class ReadBatch {
  #names = new Map<string, number>();
  #reply: Promise<Reply> | undefined;

  constructor(private readonly redis: GuardedRedis) {}

  /** @returns each name's bytes, or `undefined` when Redis gave no answer */
  async read(names: readonly string[]): Promise<Reply> {
    const places = names.map((name) => this.#placeOf(name));
    const reply = this.#next();
    if (this.#names.size >= mostNames) this.#reply = undefined;
    const all = await reply;
    // Each request says for itself what it had to do without.
    if (!all) markDegraded(this.redis.group);
    return all && places.map((place) => all[place] ?? null);
  }

  #placeOf(name: string): number {
    if (!this.#reply) this.#names = new Map();
    const place = this.#names.get(name) ?? this.#names.size;
    this.#names.set(name, place);
    void this.#next();
    return place;
  }

  #next(): Promise<Reply> {
    this.#reply ??= new Promise((resolve) => {
      const names = this.#names;
      // After the microtasks: whoever wakes up in this tick is still taken along.
      process.nextTick(() => {
        if (this.#names === names) this.#reply = undefined;
        resolve(
          this.redis.attempt<Reply>(
            read,
            (client) => client.mgetBuffer(...names.keys()),
            () => undefined,
          ),
        );
      });
    });
    return this.#reply;
  }
}

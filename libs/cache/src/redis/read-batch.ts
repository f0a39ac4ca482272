import type { GuardedRedis, RedisOperation } from '@trivet/redis';

/** More names than this go into a command of their own, so that no reply grows beyond its deadline. */
const mostNames = 128;

const read: RedisOperation = { name: 'cache.read', kind: 'read' };

/** The bytes under each name, or `undefined` when Redis gave no answer. */
export type Reply = readonly (Buffer | null)[] | undefined;

interface Reader {
  readonly names: readonly string[];
  readonly answer: (reply: Reply) => void;
  readonly fail: (error: unknown) => void;
}

/** The reads of one tick as one MGET. It takes a key of another type as absent, and no server error breaks others' reads. */
export class ReadBatch {
  #readers: Reader[] = [];

  /** @param sent called whenever the reads of a tick go out: whoever asks from then on is not among them */
  constructor(
    private readonly redis: GuardedRedis,
    private readonly sent: () => void = () => undefined,
  ) {}

  read(names: readonly string[]): Promise<Reply> {
    return new Promise((answer, fail) => {
      // After the microtasks: whoever wakes up in this tick is still taken along.
      if (this.#readers.length === 0) process.nextTick(this.#send);
      this.#readers.push({ names, answer, fail });
    });
  }

  readonly #send = (): void => {
    const readers = this.#readers;
    this.#readers = [];
    this.sent();
    const [only] = readers;
    if (only && readers.length === 1) this.#ask(only.names, only.answer, only.fail);
    else for (let first = 0; first < readers.length;) first = this.#sendFrom(first, readers);
  };

  /** Asks for as many readers as one command takes. @returns the first one that is left */
  #sendFrom(first: number, readers: readonly Reader[]): number {
    const places = new Map<string, number>();
    let end = first;
    for (; end < readers.length && places.size < mostNames; end += 1) {
      for (const name of readers[end]?.names ?? []) if (!places.has(name)) places.set(name, places.size);
    }
    const group = readers.slice(first, end);
    const own = (all: Reply, { names }: Reader) =>
      all && names.map((name) => all[places.get(name) ?? -1] ?? null);
    this.#ask(
      [...places.keys()],
      (all) => group.forEach((reader) => reader.answer(own(all, reader))),
      (error) => group.forEach((reader) => reader.fail(error)),
    );
    return end;
  }

  #ask(names: readonly string[], answer: (all: Reply) => void, fail: (error: unknown) => void): void {
    this.redis
      .attempt<Reply>(
        read,
        (client) => client.mgetBuffer(...names),
        () => undefined,
      )
      .then(answer, fail);
  }
}

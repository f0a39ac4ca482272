import type { GuardedRedis } from '@trivet/redis';
import type { Redis } from 'ioredis';

const lookAgainAfterMs = 1000;
/** How long WAIT waits. A replica in the same zone answers within one. */
const waitMs = 25;

const wait = { name: 'queue.wait', kind: 'write', ownConnection: true } as const;
const role = { name: 'queue.role', kind: 'read', ownConnection: true } as const;

/** Tells whether what was written over one connection has reached a replica. */
export class Replicas {
  #areThere = false;
  #lookedAt = -Infinity;
  #current: Promise<boolean> = Promise.resolve(false);
  #next: Promise<boolean> | undefined;

  constructor(
    private readonly redis: GuardedRedis,
    private readonly connection: Redis,
    private readonly now: () => number = () => performance.now(),
  ) {
    connection.on('ready', () => void this.#look());
  }

  /** Whether the master has a replica that answered lately. Never waits: it knows what it saw last, and looks again. */
  get areThere(): boolean {
    if (this.now() - this.#lookedAt > lookAgainAfterMs) void this.#look();
    return this.#areThere;
  }

  /** The connection as it is now, to be given to {@link Replicas.confirm} after the write. */
  get link(): unknown {
    return this.connection.stream;
  }

  /**
   * Whether a replica has everything that was written and answered over the connection so far. A WAIT answers for its own
   * connection only: after a reconnect it would confirm writes that it knows nothing of.
   */
  async confirm(link: unknown): Promise<boolean> {
    // One WAIT confirms every write before it, so whoever comes while one is under way shares the next.
    this.#next ??= this.#current.then(() => {
      this.#current = this.#next ?? this.#current;
      this.#next = undefined;
      return this.#wait();
    });
    const isConfirmed = await this.#next;
    return isConfirmed && link === this.link;
  }

  async #wait(): Promise<boolean> {
    const replicas = await this.redis.attempt(
      wait,
      () => this.connection.wait(1, waitMs),
      () => 0,
    );
    // A replica whose link is cut stays listed for a minute; adds must not wait for it one by one.
    if (replicas < 1) this.#see(false);
    return replicas >= 1;
  }

  async #look(): Promise<void> {
    this.#lookedAt = this.now();
    const answer = await this.redis.attempt(
      role,
      () => this.connection.call('ROLE'),
      () => [],
    );
    const [is, , replicas] = answer as [unknown, unknown, unknown];
    this.#see(String(is) === 'master' && Array.isArray(replicas) && replicas.length > 0);
  }

  #see(areThere: boolean): void {
    this.#areThere = areThere;
    this.#lookedAt = this.now();
  }
}

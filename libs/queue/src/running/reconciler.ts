import { Logger } from '@nestjs/common';
import type { GuardedRedis } from '@trivet/redis';
import type { Redis } from 'ioredis';
import type { OutboxClaims } from '../outbox/outbox-claims.js';
import { jobsReaddedChannel, type JobsReaddedEvent } from '../queue.events.js';

/** What a {@link Reconciler} works with. */
export interface ReconcilerParts {
  readonly redis: GuardedRedis;
  readonly connection: Redis;
  readonly claims: OutboxClaims;
  /** Called as soon as Redis may have lost something. */
  readonly suspected: () => void;
  /** Called when rows wait again. */
  readonly readded: () => void;
}

const info = { name: 'queue.identity', kind: 'read', ownConnection: true } as const;
/** An outage that lasts this long: what was sent before it is run from here. */
const longOutageMs = 5000;

/**
 * Finds out that Redis may have lost acknowledged jobs (a failover, lost data, a restart, all of which change the
 * server's replication id) and makes the outbox's rows that were sent and are not done wait again. In a long outage it does the
 * same, so that jobs do not wait for a Redis that is away.
 */
export class Reconciler {
  readonly #logger = new Logger('Queue');
  #identity: string | undefined;
  #isSuspicious = false;
  #downSince: number | undefined;

  constructor(
    private readonly parts: ReconcilerParts,
    private readonly now: () => number = () => performance.now(),
  ) {
    parts.redis.onChange((change) => {
      if (change !== 'demotion') this.suspect();
    });
  }

  /** Redis may have lost what it has acknowledged until now. */
  suspect(): void {
    this.#isSuspicious = true;
    this.parts.suspected();
  }

  /** Looks at the server, and puts right what has to be. To be called about once a second. */
  async step(): Promise<void> {
    const isUp = this.parts.redis.state.writes === 'up';
    if (isUp) await this.#identify();
    else this.#notice();
    if (isUp) this.#downSince = undefined;
    if (this.#isSuspicious) await this.#readd();
  }

  async #identify(): Promise<void> {
    const { redis, connection, claims } = this.parts;
    const text = await redis.attempt(
      info,
      () => connection.info('replication'),
      () => '',
    );
    const identity = /^master_replid:(\w+)/m.exec(text)?.[1];
    if (!identity || identity === this.#identity) return;
    // Also what happened while no worker was there.
    const last = this.#identity ?? (await claims.lastServer());
    if (last !== undefined && last !== identity) this.suspect();
    await claims.rememberServer(identity);
    this.#identity = identity;
  }

  #notice(): void {
    this.#downSince ??= this.now();
    if (this.now() - this.#downSince < longOutageMs) return;
    // Once for each outage: what is sent later is sent to a Redis that is there.
    this.#downSince = Infinity;
    this.suspect();
  }

  async #readd(): Promise<void> {
    const { claims, readded } = this.parts;
    let jobs = 0;
    this.#isSuspicious = false;
    try {
      const before = await claims.now();
      for (let some = -1; some !== 0; jobs += some) some = await claims.unsend(before);
    } catch (error) {
      this.#isSuspicious = true;
      throw error;
    }
    if (jobs === 0) return;
    jobsReaddedChannel.publish({ jobs } satisfies JobsReaddedEvent);
    this.#logger.warn('Jobs that Redis may have lost are added again', { event: 'jobs_readded', jobs });
    readded();
  }
}

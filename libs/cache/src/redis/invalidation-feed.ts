import type { GuardedRedis } from '@trivet/redis';
import type { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { cacheFeedChannel } from '../cache.events.js';
import type { ServerClock } from './server-clock.js';

/** An invalidation as it travels. */
export interface Invalidation {
  /** The process it comes from. */
  readonly from: string;
  readonly names: readonly string[];
  /** Redis did not take it: what it holds under these names is not to be believed. */
  readonly isLost?: true;
}

/** What an {@link InvalidationFeed} tells. */
export interface FeedListener {
  /** By another process. */
  heard(invalidation: Invalidation): void;
  /** Messages may have been missed up to now. */
  gap(): void;
}

/**
 * Hears what other processes invalidate. A PING goes over the subscriber's connection several times per `coherenceMs`; since
 * a connection's replies keep their order, its PONG proves that everything published before it has arrived.
 */
export class InvalidationFeed {
  readonly #me = randomUUID();
  /** How every message of this process begins, so that it is known without being parsed. */
  readonly #beginsOwn = JSON.stringify({ from: this.#me }).slice(0, -1);
  #timer: NodeJS.Timeout | undefined;
  #vouchedUntil = -Infinity;
  /** Which of its connections this is, while it is subscribed. */
  #epoch = 0;
  #isSubscribed = false;

  constructor(
    private readonly redis: GuardedRedis,
    private readonly clock: ServerClock,
    private readonly options: { readonly channel: string; readonly coherenceMs: number },
  ) {}

  /** Until when what is in memory counts as coherent, on the monotonic clock. */
  get vouchedUntil(): number {
    return this.#vouchedUntil;
  }

  /** What tells other processes of an invalidation. */
  message(names: readonly string[], isLost = false): string {
    return JSON.stringify({ from: this.#me, names, ...(isLost ? { isLost } : {}) } satisfies Invalidation);
  }

  open(listener: FeedListener): void {
    const connection = this.redis.connectionFor('subscriber');
    connection.on('message', (_channel, message: string) => {
      if (!message.startsWith(this.#beginsOwn)) hear(message, listener);
    });
    connection.on('close', () => this.#lost(listener));
    connection.on('ready', () => void this.#subscribe(connection, listener));
    this.#timer = setInterval(() => void this.#ask(connection), this.options.coherenceMs / 4).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#isSubscribed = false;
    this.#vouchedUntil = -Infinity;
  }

  async #subscribe(connection: Redis, listener: FeedListener): Promise<void> {
    const epoch = this.#epoch;
    const subscribed = await connection.subscribe(this.options.channel).then(
      () => true,
      // It closed again: the next `ready` subscribes.
      () => false,
    );
    if (!subscribed || epoch !== this.#epoch) return;
    this.#isSubscribed = true;
    listener.gap();
    cacheFeedChannel.publish({ state: 'up' });
    await this.#ask(connection);
  }

  #lost(listener: FeedListener): void {
    this.#epoch += 1;
    if (!this.#isSubscribed) return;
    this.#isSubscribed = false;
    this.#vouchedUntil = -Infinity;
    listener.gap();
    cacheFeedChannel.publish({ state: 'down' });
  }

  async #ask(connection: Redis): Promise<void> {
    if (!this.#isSubscribed) return;
    const epoch = this.#epoch;
    const askedAt = this.clock.monotonic();
    const answered = await connection.ping().then(
      () => true,
      () => false,
    );
    // ioredis sends a PING that a lost connection left open again over the next one, where it proves nothing.
    if (answered && epoch === this.#epoch) this.#vouchedUntil = askedAt + this.options.coherenceMs;
  }
}

function hear(message: string, listener: FeedListener): void {
  const invalidation = parse(message);
  if (invalidation) listener.heard(invalidation);
}

/** Anybody may publish anything: what is not ours is nothing to us. */
function parse(message: string): Invalidation | undefined {
  try {
    const invalidation = JSON.parse(message) as Partial<Invalidation> | null;
    return Array.isArray(invalidation?.names) ? (invalidation as Invalidation) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

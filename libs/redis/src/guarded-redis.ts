import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { EventEmitter } from 'node:events';
import { performance } from 'node:perf_hooks';
import { Breaker, type BreakerState, type CommandKind } from './breaker.js';
import { breaksWhat, classify, isConnectionTrouble, type FailureReason } from './classify.js';
import { type AdmittedConnection } from './connection.js';
import { withDeadline } from './deadline.js';
import { markDegraded } from './degraded-answer.js';
import { Prober } from './prober.js';
import { RedisUnavailableError } from './redis.errors.js';
import { redisCommandChannel, redisServerChannel, redisStateChannel } from './redis.events.js';
import { resolveRedisOptions, type RedisModuleOptions, type ResolvedRedisOptions } from './redis.options.js';
import { ServerWatch, type ServerChange } from './server-watch.js';
import { SupervisedConnection, type ConnectionRole } from './supervised-connection.js';

/** What a call is, for the breaker, the metrics and the errors. */
export interface RedisOperation {
  /** A stable name such as `session.read`; never a key. */
  readonly name: string;
  readonly kind: CommandKind;
  /** How long this call waits, milliseconds. @default the group's `deadlineMs` */
  readonly deadlineMs?: number;
  /**
   * Whether `run` uses a connection of {@link GuardedRedis.connectionFor} instead of the one it is given; that one's
   * connection trouble then says nothing about the group. @default false
   */
  readonly ownConnection?: boolean;
}

/**
 * One group's Redis behind a deadline, a breaker and a probe. {@link GuardedRedis.attempt} is the only way for
 * commands of a request: it never waits longer than its deadline, never queues while the group is away, and falls
 * back or fails with {@link RedisUnavailableError}.
 */
export class GuardedRedis {
  readonly group: string;
  readonly #options: ResolvedRedisOptions;
  readonly #breaker: Breaker;
  readonly #prober: Prober;
  readonly #events = new EventEmitter<{ state: [BreakerState]; change: [ServerChange] }>();
  readonly #watch = new ServerWatch();
  readonly #raw = new Set<SupervisedConnection>();
  readonly #logger: Logger;
  #redis: Redis | undefined;
  #started = false;
  #stateSince = new Date();
  #downSince: number | undefined;

  constructor(options: RedisModuleOptions) {
    this.#options = resolveRedisOptions(options);
    this.group = this.#options.group;
    this.#logger = new Logger(`Redis:${this.group}`);
    this.#breaker = new Breaker(this.#options.deadlinesToOpen, (state) => this.#onState(state));
    this.#prober = new Prober(this.#options, {
      current: () => this.#redis,
      isWhole: () => this.#breaker.state.writes === 'up',
      admit: (connection) => this.#admit(connection),
      failed: (error, connection) => this.#onFailure(classify(error) ?? 'protocol', connection),
    });
  }

  /** What the group can do at the moment, as far as this process knows. */
  get state(): BreakerState {
    return this.#breaker.state;
  }

  /** When {@link GuardedRedis.state} last changed. */
  get stateSince(): Date {
    return this.#stateSince;
  }

  /** Calls `listener` at every change of {@link GuardedRedis.state}; returns its removal. */
  onState(listener: (state: BreakerState) => void): () => void {
    this.#events.on('state', listener);
    return () => this.#events.off('state', listener);
  }

  /** Resolves when {@link GuardedRedis.state} is as wanted, at once if it already is. */
  reaches(wanted: (state: BreakerState) => boolean): Promise<void> {
    if (wanted(this.state)) return Promise.resolve();
    return new Promise((resolve) => {
      const remove = this.onState((state) => {
        if (!wanted(state)) return;
        remove();
        resolve();
      });
    });
  }

  /** Calls `listener` when the server behind the group changed: failover, demotion, data loss; returns its removal. */
  onChange(listener: (change: ServerChange) => void): () => void {
    this.#events.on('change', listener);
    return () => this.#events.off('change', listener);
  }

  /**
   * Runs commands against the group.
   *
   * @param run gets the live connection; sends commands and awaits their replies.
   * @param fallback gives the answer when Redis does not; without it the error is thrown.
   * @throws {RedisUnavailableError} when Redis did not answer and there is no fallback.
   * @throws whatever else `run` throws: a bug stays a bug.
   */
  async attempt<T>(
    operation: RedisOperation,
    run: (redis: Redis) => Promise<T>,
    fallback?: (error: RedisUnavailableError) => T | Promise<T>,
  ): Promise<T> {
    const startedAt = performance.now();
    const redis = this.#redis;
    try {
      if (!redis || !this.#breaker.allows(operation.kind)) throw this.#unavailable(operation, 'breaker-open');
      const deadlineMs = operation.deadlineMs ?? this.#options.deadlineMs;
      const value = await withDeadline(run(redis), deadlineMs, startedAt);
      this.#breaker.succeeded();
      this.#publish(operation, startedAt);
      return value;
    } catch (cause) {
      const error = this.#translate(operation, cause);
      this.#publish(operation, startedAt, error.reason);
      if (!operation.ownConnection || !isConnectionTrouble(error.reason))
        this.#onFailure(error.reason, redis);
      if (!fallback) throw error;
      markDegraded(this.group);
      return fallback(error);
    }
  }

  /**
   * A raw connection for BullMQ or pub/sub, kept connected until {@link GuardedRedis.close}. What a request sends over
   * it still belongs inside {@link GuardedRedis.attempt}.
   */
  connectionFor(role: ConnectionRole): Redis {
    const connection = new SupervisedConnection(role, this.#options);
    this.#raw.add(connection);
    return connection.redis;
  }

  /** Connects in the background and waits for it no longer than `bootWaitMs`: an app boots without its Redis. */
  async open(): Promise<void> {
    this.#started = true;
    const firstTry = this.#prober.start();
    await withDeadline(firstTry, this.#options.bootWaitMs + 1).catch(() => undefined);
    if (this.#breaker.state.reads === 'down') this.#logDown(this.#breaker.state);
  }

  /** Ends every connection and timer at once; safe while Redis is dead or hung. */
  close(): void {
    this.#started = false;
    this.#prober.stop();
    for (const connection of this.#raw) connection.release();
    this.#raw.clear();
    this.#redis?.disconnect();
    this.#redis = undefined;
  }

  #unavailable(operation: RedisOperation, reason: FailureReason, cause?: unknown): RedisUnavailableError {
    return new RedisUnavailableError({ group: this.group, operation: operation.name, reason, cause });
  }

  #translate(operation: RedisOperation, cause: unknown): RedisUnavailableError {
    if (cause instanceof RedisUnavailableError) return cause;
    const reason = classify(cause);
    if (!reason) throw cause;
    return this.#unavailable(operation, reason, cause);
  }

  #publish(operation: RedisOperation, startedAt: number, failure?: FailureReason): void {
    if (!redisCommandChannel.hasSubscribers) return;
    redisCommandChannel.publish({
      group: this.group,
      operation: operation.name,
      kind: operation.kind,
      durationMs: performance.now() - startedAt,
      ...(failure ? { failure } : {}),
    });
  }

  /** Failures of a connection that has been replaced meanwhile say nothing about the present one. */
  #onFailure(reason: FailureReason, connection: Redis | undefined): void {
    if (connection !== this.#redis) return;
    this.#breaker.failed(reason);
    // One call without an answer opens nothing yet: the probe looks, before the next call has to wait as well.
    if (breaksWhat(reason) === 'if-repeated') this.#prober.hurry();
  }

  #admit({ redis, examination }: AdmittedConnection): void {
    const previous = this.#redis;
    if (!this.#started) return redis.disconnect();
    if (redis !== previous) {
      this.#redis = redis;
      redis.once('close', () => this.#onFailure('connection-lost', redis));
      // Calls under way on the old connection get their answers first.
      if (previous) setTimeout(() => previous.disconnect(), this.#options.deadlineMs).unref();
    }
    const before = this.#breaker.state;
    const changes = this.#watch.see(examination.sight);
    for (const change of changes) this.#tell(change);
    this.#breaker.admit(examination.readOnlyBecause);
    // In an outage the records of its beginning and end are enough.
    if (changes.length > 0 && before.writes === 'up' && this.#breaker.state === before)
      this.#logChange(changes);
  }

  #onState(state: BreakerState): void {
    this.#stateSince = new Date();
    if (state.reads === 'down') this.#dropConnection();
    else for (const connection of this.#raw) connection.hurry();
    if (state.writes === 'down') {
      this.#logDown(state);
      this.#prober.hurry();
    } else this.#logUp();
    redisStateChannel.publish({ group: this.group, ...state });
    this.#events.emit('state', state);
  }

  #tell(change: ServerChange): void {
    redisServerChannel.publish({ group: this.group, change });
    this.#events.emit('change', change);
  }

  #logChange(changes: readonly ServerChange[]): void {
    const event = { event: 'redis_server_changed', group: this.group, changes };
    this.#logger.warn(`The ${this.group} Redis changed`, event);
  }

  #dropConnection(): void {
    const redis = this.#redis;
    this.#redis = undefined;
    redis?.disconnect();
  }

  #logDown(state: BreakerState): void {
    this.#downSince ??= performance.now();
    this.#logger.warn(`The ${this.group} Redis is away`, {
      event: 'redis_group_down',
      group: this.group,
      ...state,
    });
  }

  #logUp(): void {
    if (this.#downSince === undefined) return;
    const downForMs = Math.round(performance.now() - this.#downSince);
    this.#downSince = undefined;
    this.#logger.log(`The ${this.group} Redis is back`, {
      event: 'redis_group_up',
      group: this.group,
      downForMs,
    });
  }
}

/** Opens a guarded connection, for a provider's factory. */
export async function openGuardedRedis(options: RedisModuleOptions): Promise<GuardedRedis> {
  const guarded = new GuardedRedis(options);
  await guarded.open();
  return guarded;
}

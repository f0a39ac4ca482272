import { DatabaseUnavailableError, type Database } from '@trivet/database';
import { RedisUnavailableError, withDeadline, type GuardedRedis } from '@trivet/redis';
import { openQueue } from '../adding/redis-lane.js';
import { queueNamesOf, type JobDefinition } from '../jobs/job.js';
import type { JobRunner } from '../jobs/job-runner.js';
import type { Schedule } from '../jobs/schedule.js';
import { OutboxClaims } from '../outbox/outbox-claims.js';
import { outboxNotices } from '../outbox/outbox-row.js';
import type { ResolvedQueueOptions } from '../queue.options.js';
import { Burial } from './burial.js';
import { DeadLetterCollector } from './dead-letter-collector.js';
import { DirectLane } from './direct-lane.js';
import { Loop } from './loop.js';
import type { QueueProcessor } from './queue-processor.js';
import { QuietLog } from './quiet-log.js';
import { Reconciler } from './reconciler.js';
import { Relay } from './relay.js';
import { ScheduleKeeper } from './schedule-keeper.js';
import { Sweeper } from './sweeper.js';

/** What a {@link RunningSide} is built on. */
export interface RunningParts {
  readonly redis: GuardedRedis;
  readonly options: ResolvedQueueOptions;
  readonly runner: JobRunner;
  readonly database: Database;
  readonly processors: readonly QueueProcessor[];
  readonly jobs: readonly JobDefinition[];
  readonly schedules: readonly Schedule[];
}

const stopDeadlineMs = 4000;

/** Everything that a worker process does, and in which rhythm. */
export class RunningSide {
  readonly #log = new QuietLog();
  readonly #database: Database;
  readonly #hasty: Database;
  readonly #relay: Relay;
  readonly #direct: DirectLane;
  readonly #loops: Readonly<
    Record<'drain' | 'second' | 'third' | 'reconcile' | 'sweep' | 'collect' | 'schedule', Loop>
  >;
  #stopListening: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly parts: RunningParts) {
    const { redis, options, runner, database } = parts;
    const names = queueNamesOf(parts.jobs);
    const jobs = new Map(parts.jobs.map((job) => [job.name, job]));
    // Apart from the handlers' pool: a burst of jobs must not keep their rows from being marked.
    this.#database = database.beside({ maxConnections: 5 });
    this.#hasty = database.beside({ maxConnections: 5, durableCommits: false });
    const claims = new OutboxClaims(this.#database, this.#hasty);
    const burial = new Burial(claims, this.#log);
    const connection = redis.connectionFor('bulk');
    const queues = new Map(names.map((name) => [name, openQueue(name, connection)]));
    const shared = { redis, claims, burial, runner, queues, jobs };
    this.#relay = new Relay(shared);
    this.#direct = new DirectLane({
      ...shared,
      queues: names,
      concurrency: options.concurrency * names.length,
      freed: () => this.#loops.drain.wake(),
    });
    const reconciler = new Reconciler({
      ...shared,
      connection,
      suspected: () => this.#suspect(),
      readded: () => this.#loops.drain.wake(),
    });
    const sweeper = new Sweeper({ ...shared, maxAgeHours: options.outboxMaxAgeHours });
    const collector = new DeadLetterCollector({ ...shared, database: this.#database });
    const keeper = new ScheduleKeeper({ ...shared, schedules: parts.schedules });
    this.#loops = {
      drain: this.#loop(250, () => this.#drain()),
      second: this.#loop(5000, () => this.#whileUp(() => this.#relay.round())),
      third: this.#loop(5000, () => this.#whileUp(() => this.#relay.round())),
      reconcile: this.#loop(1000, () => reconciler.step().then(() => false)),
      sweep: this.#loop(3000, () => sweeper.step()),
      collect: this.#loop(15_000, () => this.#whileUp(() => collector.collect())),
      schedule: this.#loop(15_000, () => this.#whileUp(() => keeper.reconcile().then(() => false))),
    };
  }

  start(): void {
    for (const processor of this.parts.processors) processor.onFailed(() => this.#loops.collect.wake());
    this.#follow();
    this.parts.redis.onState(() => this.#follow());
    this.#stopListening = this.#database.listen(outboxNotices, () => this.#loops.drain.wake());
    for (const loop of Object.values(this.#loops)) loop.start();
  }

  /** Jobs under way are finished, in time; what is not is run again by somebody else. */
  async stop(): Promise<void> {
    const loops = Object.values(this.#loops).map((loop) => loop.stop());
    const workers = this.parts.processors.map((processor) => processor.close());
    const all = Promise.all([...loops, ...workers]).then(() => this.#direct.drain());
    await withDeadline(all, stopDeadlineMs).catch(() => undefined);
    this.#direct.abandon();
    const pools = [this.#database, this.#hasty].map((pool) => pool.onApplicationShutdown());
    await Promise.all([this.#stopListening(), ...pools]);
    this.parts.redis.close();
  }

  /** While Redis is away jobs are run from here. Otherwise two more loops send while one claims and one marks. */
  async #drain(): Promise<boolean> {
    if (this.parts.redis.state.writes === 'down') return this.#direct.round();
    const hasMore = await this.#relay.round();
    if (hasMore) for (const name of ['second', 'third'] as const) this.#loops[name].wake();
    return hasMore;
  }

  #follow(): void {
    const hasOutage = this.parts.redis.state.writes === 'down';
    for (const processor of this.parts.processors) processor.outage = hasOutage;
    if (hasOutage) this.#relay.slowDown();
    for (const name of ['drain', 'reconcile', 'collect', 'schedule'] as const) this.#loops[name].wake();
  }

  #suspect(): void {
    this.#relay.distrust();
    this.#loops.reconcile.wake();
    this.#loops.schedule.wake();
  }

  async #whileUp(step: () => Promise<boolean>): Promise<boolean> {
    return this.parts.redis.state.writes === 'up' && (await step());
  }

  #loop(pauseMs: number, step: () => Promise<boolean>): Loop {
    return new Loop({ step, pauseMs, failed: (error) => this.#tell(error) });
  }

  /** Outages are told by those who watch for them; anything else is a mistake of ours that somebody should see. */
  #tell(error: unknown): void {
    if (error instanceof DatabaseUnavailableError || error instanceof RedisUnavailableError) return;
    this.#log.warn('loop', 'A step of the worker failed', {
      event: 'queue_step_failed',
      error: String(error),
    });
  }
}

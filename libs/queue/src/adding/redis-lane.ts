import type { GuardedRedis, RedisUnavailableError } from '@trivet/redis';
import { Queue, type JobsOptions, type QueueOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { bullOptions } from '../jobs/bull-options.js';
import { addJobs, optionsJson } from '../jobs/bulk-script.js';
import type { Batch } from './new-job.js';
import type { Replicas } from './replicas.js';

/** What one process adds through besides the registered queue. Apart, because a bulk or a WAIT holds up what comes behind it. */
export interface AddingConnections {
  readonly bulk: Redis;
  readonly replicated: Redis;
}

/** How Redis took a batch. `unconfirmed`: it did, and no replica has it yet. */
export type Taken = 'queue' | 'unconfirmed';

const operations = {
  single: 'queue.add',
  bulk: 'queue.addBulk',
  replicated: 'queue.addReplicated',
} as const;
type Way = keyof typeof operations;

/** One queue's way into Redis: it never waits longer than it is told to, and never queues. */
export class RedisLane {
  readonly #queues: Record<Way, Queue>;

  constructor(
    queue: Queue,
    private readonly redis: GuardedRedis,
    connections: AddingConnections,
    private readonly replicas: Replicas,
  ) {
    this.#queues = {
      single: withoutNoise(queue),
      bulk: openQueue(queue.name, connections.bulk),
      replicated: openQueue(queue.name, connections.replicated),
    };
  }

  /** Whether a replicated add is worth a try. */
  get canReplicate(): boolean {
    return this.replicas.areThere;
  }

  /** @throws whatever `refused` throws; `refused` gives the answer when Redis did not take the batch */
  async add<T>(
    batch: Batch,
    deadlineMs: number,
    refused: (outage: RedisUnavailableError) => Promise<T>,
  ): Promise<T | Taken> {
    if (batch.plan.durability === 'replicated') return this.#addReplicated(batch, deadlineMs, refused);
    return this.#send(batch.jobs.length === 1 ? 'single' : 'bulk', batch, deadlineMs, refused);
  }

  #send<T>(
    way: Way,
    batch: Batch,
    deadlineMs: number,
    refused: (outage: RedisUnavailableError) => Promise<T>,
  ): Promise<T | Taken> {
    return this.redis.attempt<T | Taken>(
      { name: operations[way], kind: 'write', ownConnection: true, deadlineMs },
      () => send(this.#queues[way], batch),
      refused,
    );
  }

  async #addReplicated<T>(
    batch: Batch,
    deadlineMs: number,
    refused: (outage: RedisUnavailableError) => Promise<T>,
  ): Promise<T | Taken> {
    const link = this.replicas.link;
    const sent = await this.#send('replicated', batch, deadlineMs, refused);
    if (sent !== 'queue') return sent;
    return (await this.replicas.confirm(link)) ? 'queue' : 'unconfirmed';
  }
}

async function send(queue: Queue, { job, jobs, plan: { delayMs } }: Batch): Promise<Taken> {
  const { name } = job;
  if (delayMs > 0) {
    const { attempts, backoff } = bullOptions(job);
    const optionsOf = (jobId: string): JobsOptions => ({ attempts, backoff, jobId, delay: delayMs });
    await queue.addBulk(jobs.map(({ id, envelope }) => ({ name, data: envelope, opts: optionsOf(id) })));
  } else {
    const options = optionsJson(job);
    await addJobs(
      queue,
      jobs.map(({ id, envelope }) => ({ id, name, options, data: JSON.stringify(envelope) })),
    );
  }
  return 'queue';
}

/** Options of a BullMQ queue on a connection that fails at once instead of waiting. */
export function queueOptions(connection: Redis): QueueOptions {
  // Without both skips an add made before Redis was ever reached stays pending for ever.
  return { connection, skipWaitingForReady: true, skipVersionCheck: true, skipMetasUpdate: true };
}

/** One more queue of a name, on a connection of its own. */
export function openQueue(name: string, connection: Redis): Queue {
  return withoutNoise(new Queue(name, queueOptions(connection)));
}

/** The guarded connection reports its group's outages; BullMQ would print one line per failed reconnect. */
function withoutNoise(queue: Queue): Queue {
  return queue.on('error', () => undefined);
}

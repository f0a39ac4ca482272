import { createPostgresBackend, Queue } from 'bullmq';
import { makeWorkerUtils } from 'graphile-worker';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import { job, payload } from './ours.mjs';

const poolSize = 10;

/** BullMQ as its documentation shows it, with the options that our jobs have. */
export function bullmqOnRedis({ redis }) {
  const connection = new Redis(redis.url, { maxRetriesPerRequest: null });
  const queue = new Queue('raw', { connection });
  const options = () => ({
    attempts: job.attempts,
    backoff: { type: 'exponential', delay: job.backoffMs, jitter: 0.5 },
    removeOnComplete: { age: 3600, count: 10_000 },
  });
  return {
    name: 'BullMQ on Redis',
    add: () => queue.add('bench', payload, options()),
    addBulk: (count) =>
      queue.addBulk(Array.from({ length: count }, () => ({ name: 'bench', data: payload, opts: options() }))),
    close: async () => {
      await queue.close();
      connection.disconnect();
    },
  };
}

export async function bullmqOnPostgres({ postgres }) {
  const connection = { connectionString: postgres.url, max: poolSize, migrate: true };
  const queue = new Queue('raw', { connection }, createPostgresBackend);
  await queue.waitUntilReady();
  return {
    name: 'BullMQ on PostgreSQL',
    add: () => queue.add('bench', payload),
    addBulk: (count) =>
      queue.addBulk(Array.from({ length: count }, () => ({ name: 'bench', data: payload }))),
    close: () => queue.close(),
  };
}

export async function pgBoss({ postgres }) {
  const boss = new PgBoss({
    connectionString: postgres.url,
    max: poolSize,
    supervise: false,
    schedule: false,
  });
  boss.on('error', () => undefined);
  await boss.start();
  await boss.createQueue('bench');
  return {
    name: 'pg-boss',
    add: () => boss.send('bench', payload),
    addBulk: (count) =>
      boss.insert(
        'bench',
        Array.from({ length: count }, () => ({ data: payload })),
      ),
    close: () => boss.stop({ graceful: false }),
  };
}

export async function graphileWorker({ postgres }) {
  const pgPool = new Pool({ connectionString: postgres.url, max: poolSize });
  const utils = await makeWorkerUtils({ pgPool });
  await utils.migrate();
  return {
    name: 'graphile-worker',
    add: () => utils.addJob('bench', payload),
    addBulk: (count) =>
      utils.addJobs(Array.from({ length: count }, () => ({ identifier: 'bench', payload }))),
    close: async () => {
      await utils.release();
      await pgPool.end().catch(() => undefined);
    },
  };
}

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, runMigrations } from '@trivet/database';
import {
  defineJob,
  getDurableQueueToken,
  JobHandler,
  queueMigrations,
  QueueModule,
  QueueWorkerModule,
} from '@trivet/queue';
import { z } from 'zod';

export const payload = {
  user: '0198d6a2-6c4e-7cc4-9a53-6f1a2b9d7e10',
  text: 'a payload of some hundred bytes '.repeat(3),
};

export const job = defineJob({
  name: 'bench',
  queue: 'bench',
  payload: z.object({ user: z.string(), text: z.string() }),
  importance: 'high',
});

class NoHandler extends JobHandler {
  job = job;
  async handle() {}
}
class Bench {}
class Handlers {}

export const migrate = (url) => runMigrations(url, [queueMigrations]);

/** An app that adds jobs, and with `worker: true` also relays and runs them. */
export async function openApp({ redis, postgres }, { worker = false, addDeadlineMs = 5_000 } = {}) {
  const module = worker ? QueueWorkerModule : QueueModule;
  const imports = [
    DatabaseModule.forRoot({ url: postgres.url, applicationName: 'bench' }),
    { module: Handlers, providers: [NoHandler], exports: [NoHandler] },
    module.forRoot({ redis: { url: redis.url }, jobs: [job], handlers: [NoHandler], addDeadlineMs }),
  ];
  const app = await NestFactory.createApplicationContext({ module: Bench, imports }, { logger: false });
  return { queue: app.get(getDurableQueueToken(job.queue), { strict: false }), close: () => app.close() };
}

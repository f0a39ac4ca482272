// One process of the stage on which `npm run chaos -- queue` plays: `prepare`, `web` or `worker`. Only what a queue needs,
// so that a thousand jobs a second leave the machine time for the faults.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Database, DatabaseModule, runMigrations } from '@trivet/database';
import { closeOnSignal, createLogger, exitOnSignal, ObservabilityModule } from '@trivet/observability';
import { getDurableQueueToken, queueMigrations, QueueModule, QueueWorkerModule } from '@trivet/queue';
import { redisGroup } from '@trivet/redis';
import { effectsTable, EffectHandler, makeEffect } from './job.mjs';
import { serve } from './web.mjs';

const [, , role] = process.argv;
const { DATABASE_URL: url, REDIS_QUEUE_URL, MANAGEMENT_PORT, PORT } = process.env;

class Stage {}
class Handlers {}

async function prepare() {
  await runMigrations(url, [queueMigrations]);
  const database = new Database({ url });
  for (const statement of effectsTable) await database.execute(statement);
  await database.onApplicationShutdown();
}

async function start() {
  exitOnSignal();
  const jobs = {
    redis: redisGroup(REDIS_QUEUE_URL),
    jobs: [makeEffect],
    handlers: [EffectHandler],
  };
  const observed = {
    process: role,
    groups: ['queue'],
    managementHost: '127.0.0.1',
    managementPort: Number(MANAGEMENT_PORT),
  };
  const imports = [
    DatabaseModule.forRoot({ url, applicationName: role, maxConnections: 20 }),
    { module: Handlers, providers: [EffectHandler], exports: [EffectHandler] },
    (role === 'worker' ? QueueWorkerModule : QueueModule).forRoot(jobs),
    ObservabilityModule.forRoot(observed),
  ];
  const logger = createLogger({ level: 'log', format: 'json' });
  const app = await NestFactory.createApplicationContext({ module: Stage, imports }, { logger });
  closeOnSignal(app);
  if (role === 'web') serve(app.get(getDurableQueueToken(makeEffect.queue), { strict: false }), Number(PORT));
}

await (role === 'prepare' ? prepare() : start());

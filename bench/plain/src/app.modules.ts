import { createKeyv } from '@keyv/redis';
import { BullModule } from '@nestjs/bullmq';
import { CacheModule } from '@nestjs/cache-manager';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AcademyModule } from '@trivet/academy';
import { DatabaseModule } from '@trivet/database';
import { AccountController } from './dashboard/account.controller.js';
import { LessonEditingController } from './dashboard/lesson-editing.controller.js';
import { SignInController } from './dashboard/sign-in.controller.js';
import type { Env } from './env.js';
import { JobsController } from './learn/jobs.controller.js';
import { LessonsController } from './learn/lessons.controller.js';
import { ENV, SessionMiddleware } from './session/session.middleware.js';
import { Sessions } from './session/sessions.js';
import { AcademyErrorFilter } from './shared/academy-error.filter.js';
import { LessonCache } from './shared/lesson-cache.js';
import { SharedController } from './shared/shared.controller.js';
import { CertificateProcessor } from './worker/certificate.processor.js';
import { NoteProcessor } from './worker/note.processor.js';

const CACHE_TTL_MS = 60_000;

@Module({})
class AppModule {}

const academy = (env: Env): DynamicModule[] => [
  DatabaseModule.forRoot({ url: env.DATABASE_URL, applicationName: 'plain' }),
  AcademyModule.forRoot({ isGlobal: true }),
];

/** Docs of @keyv/redis and Keyv: `createKeyv`, and a listener for the errors of the connection. */
const cache = (env: Env): DynamicModule =>
  CacheModule.registerAsync({
    useFactory: () => {
      const keyv = createKeyv(env.REDIS_CACHE_URL);
      keyv.on('error', (error: unknown) => console.error('Keyv connection error', error));
      return { stores: [keyv], ttl: CACHE_TTL_MS };
    },
  });

/** Docs of @nestjs/bullmq, with retries as BullMQ's guide shows them. */
const queues = (env: Env): DynamicModule[] => {
  const { hostname, port, username, password } = new URL(env.REDIS_QUEUE_URL);
  return [
    BullModule.forRoot({
      connection: {
        host: hostname,
        port: Number(port),
        ...(username && { username: decodeURIComponent(username) }),
        ...(password && { password: decodeURIComponent(password) }),
      },
      defaultJobOptions: { attempts: 3, backoff: { type: 'exponential', delay: 1_000 } },
    }),
    BullModule.registerQueue({ name: 'certificates' }, { name: 'notes' }),
  ];
};

function webModule(env: Env, imports: DynamicModule[], controllers: Type[]): DynamicModule {
  return {
    module: AppModule,
    imports: [...academy(env), cache(env), ...imports],
    providers: [
      { provide: ENV, useValue: env },
      { provide: APP_FILTER, useClass: AcademyErrorFilter },
      SessionMiddleware,
      Sessions,
      LessonCache,
    ],
    controllers: [SharedController, ...controllers],
  };
}

export const dashboardModule = (env: Env): DynamicModule =>
  webModule(env, [], [SignInController, AccountController, LessonEditingController]);

export const learnModule = (env: Env): DynamicModule =>
  webModule(env, queues(env), [LessonsController, JobsController]);

export const workerModule = (env: Env): DynamicModule => ({
  module: AppModule,
  imports: [...academy(env), ...queues(env)],
  providers: [CertificateProcessor, NoteProcessor],
});

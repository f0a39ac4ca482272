import { Module, type DynamicModule } from '@nestjs/common';
import {
  AcademyMailModule,
  academyJobHandlers,
  academyJobs,
  AcademyModule,
  academySchedules,
} from '@trivet/academy';
import { DatabaseModule } from '@trivet/database';
import { ObservabilityModule } from '@trivet/observability';
import { QueueWorkerModule } from '@trivet/queue';
import { redisGroup } from '@trivet/redis';
import type { Env } from './env.js';

@Module({})
class AppModule {}

/** The whole process on one page. */
export function appModule(env: Env): DynamicModule {
  return {
    module: AppModule,
    imports: [
      // Each job under way holds one: five at once of each of three queues, and some more for what else there is to do.
      DatabaseModule.forRoot({ url: env.DATABASE_URL, applicationName: 'worker', maxConnections: 20 }),
      AcademyModule.forRoot({ isGlobal: true }),
      AcademyMailModule.forRoot({
        smtpUrl: env.SMTP_URL,
        from: env.MAIL_FROM,
        requireTls: env.NODE_ENV === 'production',
        learnUrl: env.PUBLIC_URL_LEARN,
      }),
      QueueWorkerModule.forRoot({
        redis: redisGroup(env.REDIS_QUEUE_URL, env.REDIS_CA_FILE),
        jobs: academyJobs,
        handlers: academyJobHandlers,
        schedules: academySchedules,
      }),
      ObservabilityModule.forRoot({
        process: 'worker',
        groups: ['queue'],
        managementHost: env.MANAGEMENT_HOST,
        managementPort: env.MANAGEMENT_PORT,
      }),
    ],
  };
}

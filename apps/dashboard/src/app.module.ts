import { Module, type DynamicModule } from '@nestjs/common';
import { academyInlineHandlers, academyJobs, AcademyModule } from '@trivet/academy';
import { CacheModule } from '@trivet/cache';
import { DatabaseModule } from '@trivet/database';
import { ObservabilityModule } from '@trivet/observability';
import { DeadLetters, QueueModule, QueueOverview } from '@trivet/queue';
import { SessionModule } from '@trivet/session';
import { publicLinks, redisGroups, sharedSession, WebModule } from '@trivet/web';
import { AccountSecurity } from './account/account-security.js';
import { AccountController } from './account/account.controller.js';
import { AccountPages } from './account/account.pages.js';
import type { Env } from './env.js';
import { LessonEditing } from './lessons/lesson-editing.js';
import { LessonsController } from './lessons/lessons.controller.js';
import { EmergencySignOut } from './operations/emergency-sign-out.js';
import { OperationsController } from './operations/operations.controller.js';
import { SessionsController } from './operations/sessions.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { QueuesController } from './queues/queues.controller.js';
import { SignInController } from './sign-in/sign-in.controller.js';

@Module({})
class AppModule {}

/** The whole process on one page. */
export function appModule(env: Env): DynamicModule {
  const redis = redisGroups(env);
  return {
    module: AppModule,
    imports: [
      DatabaseModule.forRoot({ url: env.DATABASE_URL, applicationName: 'dashboard' }),
      SessionModule.forRoot(sharedSession('dashboard', env)),
      CacheModule.forRoot({ redis: redis.cache }),
      QueueModule.forRoot({ redis: redis.queue, jobs: academyJobs, handlers: academyInlineHandlers }),
      AcademyModule.forRoot({ signInPepper: env.SESSION_KEY_SECRET, isGlobal: true }),
      WebModule.forRoot({
        app: 'dashboard',
        links: publicLinks(env),
        production: env.NODE_ENV === 'production',
      }),
      ObservabilityModule.forRoot({
        process: 'dashboard',
        groups: ['session', 'cache', 'queue'],
        managementHost: env.MANAGEMENT_HOST,
        managementPort: env.MANAGEMENT_PORT,
      }),
    ],
    providers: [AccountSecurity, EmergencySignOut, LessonEditing, DeadLetters, QueueOverview.of(academyJobs)],
    controllers: [
      SignInController,
      OverviewController,
      AccountController,
      AccountPages,
      LessonsController,
      OperationsController,
      SessionsController,
      QueuesController,
    ],
  };
}

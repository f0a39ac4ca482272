import { Module, type DynamicModule } from '@nestjs/common';
import { AcademyModule, academyInlineHandlers, academyJobs } from '@trivet/academy';
import { CacheModule, sharedPaths } from '@trivet/cache';
import { DatabaseModule } from '@trivet/database';
import { ObservabilityModule } from '@trivet/observability';
import { QueueModule } from '@trivet/queue';
import { sessionlessPaths, SessionModule } from '@trivet/session';
import { publicLinks, redisGroups, sharedSession, WebModule } from '@trivet/web';
import { CertificateRequests } from './certificates/certificate-requests.js';
import { CertificateRequestsController } from './certificates/certificate-requests.controller.js';
import { CertificatesPages } from './certificates/certificates.pages.js';
import { DigestPages } from './digests/digest.pages.js';
import { DigestRequests } from './digests/digest-requests.js';
import { DigestsController } from './digests/digests.controller.js';
import type { Env } from './env.js';
import { Completion } from './lessons/completion.js';
import { LessonsController } from './lessons/lessons.controller.js';
import { LessonsPages } from './lessons/lessons.pages.js';
import { NoteTaking } from './notes/note-taking.js';
import { NotesController } from './notes/notes.controller.js';
import { NotesPages } from './notes/notes.pages.js';

@Module({})
class AppModule {}

/** The whole process on one page. */
export function appModule(env: Env): DynamicModule {
  const redis = redisGroups(env);
  return {
    module: AppModule,
    imports: [
      DatabaseModule.forRoot({ url: env.DATABASE_URL, applicationName: 'learn' }),
      SessionModule.forRoot({
        ...sharedSession('learn', env),
        exclude: [...sessionlessPaths, ...sharedPaths(LessonsController)],
      }),
      CacheModule.forRoot({ redis: redis.cache }),
      QueueModule.forRoot({ redis: redis.queue, jobs: academyJobs, handlers: academyInlineHandlers }),
      AcademyModule.forRoot({ signInPepper: env.SESSION_KEY_SECRET, isGlobal: true }),
      WebModule.forRoot({ app: 'learn', links: publicLinks(env), production: env.NODE_ENV === 'production' }),
      ObservabilityModule.forRoot({
        process: 'learn',
        groups: ['session', 'cache', 'queue'],
        managementHost: env.MANAGEMENT_HOST,
        managementPort: env.MANAGEMENT_PORT,
      }),
    ],
    providers: [CertificateRequests, Completion, NoteTaking, DigestRequests],
    controllers: [
      LessonsController,
      LessonsPages,
      CertificateRequestsController,
      CertificatesPages,
      NotesController,
      NotesPages,
      DigestsController,
      DigestPages,
    ],
  };
}

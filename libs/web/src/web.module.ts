import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Database } from '@trivet/database';
import { SubjectSource } from '@trivet/session';
import { AccountSubjects } from './account-subjects.js';
import { AssetsController } from './assets.controller.js';
import { CertificatesController } from './certificates.controller.js';
import { DemoAccountsRefusal } from './demo-accounts.js';
import { ErrorFilter } from './error.filter.js';
import { LessonCache } from './lesson-cache.js';
import { MeController } from './me.controller.js';
import { Pages } from './pages.js';
import { SignInGuard } from './sign-in.guard.js';
import { SignOutController } from './sign-out.controller.js';
import { Visitors } from './visitor.js';
import { ConfigurableModuleClass, WEB_OPTIONS, type WebOptions } from './web.options.js';

/** What both web apps are made of: who asks, pages, errors, and the routes they share. */
@Module({
  controllers: [MeController, SignOutController, CertificatesController, AssetsController],
  providers: [
    Visitors,
    Pages,
    SignInGuard,
    LessonCache,
    { provide: SubjectSource, useClass: AccountSubjects },
    { provide: APP_FILTER, useClass: ErrorFilter },
    {
      provide: DemoAccountsRefusal,
      inject: [Database, WEB_OPTIONS],
      useFactory: (database: Database, { production }: WebOptions) =>
        new DemoAccountsRefusal(database, production),
    },
  ],
  exports: [Visitors, Pages, LessonCache, SubjectSource, WEB_OPTIONS],
})
export class WebModule extends ConfigurableModuleClass {}

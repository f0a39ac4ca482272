import {
  ConfigurableModuleBuilder,
  Inject,
  Logger,
  Module,
  type MiddlewareConsumer,
  type NestModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { getRedisToken, InjectRedis, openGuardedRedis, ReplicaReads, type GuardedRedis } from '@trivet/redis';
import { Binder } from './browser/binder.js';
import { CsrfGuard } from './browser/csrf.guard.js';
import { DoubledCookieMiddleware } from './browser/doubled-cookie.middleware.js';
import { Handoff } from './browser/handoff.js';
import { HandoffController } from './browser/handoff.controller.js';
import { SessionEnds } from './browser/session-ends.js';
import { VisitorSessionMiddleware } from './browser/visitor-session.middleware.js';
import { continuityProviders } from './continuity/continuity.providers.js';
import { Evidence } from './evidence/evidence.js';
import { SealKeyRing } from './seal/key-ring.js';
import { SessionChain } from './session-chain.middleware.js';
import { SessionKeys } from './session-keys.js';
import { SessionFailSoftInterceptor } from './session.fail-soft.interceptor.js';
import { LiveSessionGuard } from './session.guard.js';
import { SessionMiddleware } from './session.middleware.js';
import {
  isAdvisedIdleTimeout,
  resolveSessionOptions,
  type ResolvedSessionOptions,
  type SessionModuleOptions,
} from './session.options.js';
import { SessionService } from './session.service.js';
import { stateProviders } from './session.state.js';
import { RESOLVED_SESSION_OPTIONS, SESSION_GROUP } from './session.tokens.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } =
  new ConfigurableModuleBuilder<SessionModuleOptions>()
    .setClassMethodName('forRoot')
    .setExtras({ isGlobal: true }, (definition, { isGlobal }) => ({ ...definition, global: isGlobal }))
    .build();

const REDIS = getRedisToken(SESSION_GROUP);

const providers: Provider[] = [
  { provide: RESOLVED_SESSION_OPTIONS, inject: [MODULE_OPTIONS_TOKEN], useFactory: resolveSessionOptions },
  {
    provide: REDIS,
    inject: [RESOLVED_SESSION_OPTIONS],
    useFactory: ({ redis }: ResolvedSessionOptions) => openGuardedRedis({ ...redis, group: SESSION_GROUP }),
  },
  {
    provide: SessionKeys,
    inject: [RESOLVED_SESSION_OPTIONS],
    useFactory: ({ keySecret }: ResolvedSessionOptions) => new SessionKeys(keySecret),
  },
  {
    provide: SealKeyRing,
    inject: [RESOLVED_SESSION_OPTIONS],
    useFactory: ({ sealKeys }: ResolvedSessionOptions) => new SealKeyRing(sealKeys),
  },
  ...stateProviders,
  ...continuityProviders,
  SessionService,
  DoubledCookieMiddleware,
  SessionMiddleware,
  VisitorSessionMiddleware,
  Binder,
  Handoff,
  SessionEnds,
  { provide: APP_GUARD, useClass: CsrfGuard },
  { provide: APP_GUARD, useClass: LiveSessionGuard },
  { provide: APP_INTERCEPTOR, useClass: SessionFailSoftInterceptor },
];

/** One session for all subdomain apps, on its own Redis. Import it once, with `forRoot` or `forRootAsync`. */
@Module({
  controllers: [HandoffController],
  providers,
  exports: [SessionService, SessionEnds, Evidence, REDIS, RESOLVED_SESSION_OPTIONS],
})
export class SessionModule extends ConfigurableModuleClass implements NestModule, OnApplicationShutdown {
  constructor(
    @Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions,
    @InjectRedis(SESSION_GROUP) private readonly redis: GuardedRedis,
    private readonly replicas: ReplicaReads,
  ) {
    super();
    if (!isAdvisedIdleTimeout(options.idleTimeoutMs)) {
      new Logger(SessionModule.name).warn(
        `\`idleTimeoutMs\` is ${options.idleTimeoutMs}; between 2 h and 4 h is advised for shared sign-ins.`,
      );
    }
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(SessionChain)
      .exclude(...this.options.exclude)
      .forRoutes('{*path}');
  }

  onApplicationShutdown(): void {
    this.redis.close();
    this.replicas.close();
  }
}

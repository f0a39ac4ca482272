import {
  Body,
  Controller,
  Get,
  Header,
  Post,
  Req,
  Res,
  type INestApplication,
  type Provider,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { DatabaseModule, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { getRedisToken, type GuardedRedis } from '@trivet/redis';
import type { Request, Response } from 'express';
import type { Server } from 'node:http';
import { performance } from 'node:perf_hooks';
import supertest from 'supertest';
import { feedLeaseMs } from '../evidence/evidence-feed.js';
import { Evidence } from '../evidence/evidence.js';
import { EvidencePulse } from '../evidence/evidence-pulse.js';
import { RequiresLiveSession } from '../live-session.js';
import { SessionClock } from '../session.clock.js';
import { sessionMigrations } from '../session.migrations.js';
import { SessionModule } from '../session.module.js';
import type { SessionModuleOptions } from '../session.options.js';
import { SessionService, type Revocation } from '../session.service.js';

export const secret = 'a secret of at least thirty-two characters';
export const sessionCookie = '_shared_org_session';
export const continuityCookie = '_shared_org_continuity';
export type App = INestApplication<Server>;

/** Real time, and as much more as a spec says. */
export class SpecClock extends SessionClock {
  #aheadMs = 0;

  override now(): number {
    return Date.now() + this.#aheadMs;
  }

  override monotonic(): number {
    return performance.now() + this.#aheadMs;
  }

  advance(ms: number): void {
    this.#aheadMs += ms;
  }
}

@Controller()
class PersonController {
  #release: () => void = () => undefined;

  constructor(private readonly sessions: SessionService) {}

  @Post('login')
  async login(@Req() request: Request, @Body('user') user: string) {
    return { csrfToken: (await this.sessions.signIn(request, user)).csrfToken };
  }

  @Post('logout')
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    await this.sessions.signOut(request, response);
  }

  @Get('me')
  @Header('Cache-Control', 'no-store')
  me(@Req() request: Request) {
    const identity = this.sessions.identityOf(request);
    return {
      user: identity?.userId ?? 'guest',
      device: identity?.deviceId,
      ...this.sessions.infoOf(request),
    };
  }

  @Get('public')
  @Header('Cache-Control', 'public, max-age=60')
  forEverybody() {
    return { open: true };
  }

  /** Answers when somebody asks for `release`. */
  @Get('slow')
  async slow() {
    await new Promise<void>((resolve) => (this.#release = resolve));
    return {};
  }

  @Post('release')
  release() {
    this.#release();
  }

  @Post('revoke')
  async revoke(@Req() request: Request, @Body('which') which: Revocation) {
    const identity = this.sessions.identityOf(request);
    return { ended: identity && (await this.sessions.revoke(identity, which)) };
  }

  @Post('renew')
  async renew(@Req() request: Request) {
    await this.sessions.renew(request);
  }

  @Post('write')
  write(@Req() request: Request, @Body('value') value: string) {
    if (this.sessions.identityOf(request)) Object.assign(request.session, { value });
    return { written: value };
  }

  @Post('revoke-all')
  async revokeAll() {
    await this.sessions.revokeAll();
  }

  @RequiresLiveSession()
  @Post('password')
  password() {
    return { changed: true };
  }
}

/** What an app of a spec is started with. */
export interface AppOptions extends Partial<SessionModuleOptions> {
  readonly clock?: SessionClock;
  readonly databaseUrl?: string;
  readonly providers?: Provider[];
}

export async function startApp(redisUrl: string, app: string, given: AppOptions = {}): Promise<App> {
  const { clock = new SessionClock(), databaseUrl, providers = [], ...options } = given;
  const module = await Test.createTestingModule({
    imports: [
      ...(databaseUrl ? [DatabaseModule.forRoot({ url: databaseUrl })] : []),
      {
        module: class Providers {},
        global: true,
        providers,
        exports: providers.map((provider) => ('provide' in provider ? provider.provide : provider)),
      },
      SessionModule.forRoot({
        redis: {
          url: redisUrl,
          deadlineMs: 500,
          healthIntervalMs: 100,
          probeIntervalMs: 50,
          bootWaitMs: 1000,
        },
        app,
        publicUrl: `http://${app}.trivet.localhost`,
        cookieDomain: 'trivet.localhost',
        cookieSecrets: [secret],
        keySecret: secret,
        sealKeys: [secret],
        ...options,
      }),
    ],
    controllers: [PersonController],
  })
    .overrideProvider(SessionClock)
    .useValue(clock)
    .compile();
  const nest = module.createNestApplication<App>({ logger: false });
  await nest.init();
  return nest;
}

/** A database with the tables of the session library. */
export async function startPostgres(): Promise<EmbeddedPostgres> {
  const postgres = await EmbeddedPostgres.start();
  await runMigrations(postgres.url, [sessionMigrations]);
  return postgres;
}

/** Resolves when the app takes its session Redis for up, or for down. */
export async function until(app: App, wanted: 'up' | 'down'): Promise<void> {
  const group = app.get<GuardedRedis>(getRedisToken('session'));
  await group.reaches(({ reads, writes }) => reads === wanted && writes === wanted);
}

/** The app hears both stores of evidence out. */
export async function pulse(app: App): Promise<void> {
  // A beat under way since before the clock was advanced is as old as its beginning; the one after it is not.
  for (let tries = 0; tries < 3; tries += 1) {
    await app.get(EvidencePulse).beat();
    if (app.get(Evidence).feedAgeMs <= feedLeaseMs) return;
  }
}

/** A person's browser: one jar for all apps, and every cookie that an answer has set. */
export class Browser {
  readonly jar = new Map<string, string>();
  /** Lines of `Set-Cookie`, in the order in which they came. */
  readonly set: string[] = [];
  #csrfToken = '';

  constructor(
    readonly user: string,
    readonly agent = 'curl/8.5.0',
  ) {}

  signIn(app: App): Promise<supertest.Response> {
    return this.post(app, 'login', { user: this.user }).then((answer) => {
      this.#csrfToken = (answer.body as { csrfToken?: string }).csrfToken ?? this.#csrfToken;
      return answer;
    });
  }

  get(app: App, path = 'me'): Promise<supertest.Response> {
    return this.#send(supertest(app.getHttpServer()).get(`/${path}`));
  }

  post(app: App, path: string, body: object = {}): Promise<supertest.Response> {
    return this.#send(supertest(app.getHttpServer()).post(`/${path}`).send(body));
  }

  /** What the app takes this browser for, and how it knows. */
  async seenBy(app: App): Promise<string> {
    const { user, mode } = (await this.get(app)).body as { user: string; mode?: string };
    return mode ? `${user}, ${mode}` : user;
  }

  async #send(test: supertest.Test): Promise<supertest.Response> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    if (cookie) void test.set('Cookie', cookie);
    if (this.#csrfToken) void test.set('X-CSRF-Token', this.#csrfToken);
    const answer = await test.set('User-Agent', this.agent);
    for (const line of answer.get('Set-Cookie') ?? []) {
      this.set.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) this.jar.set(name, value);
      else this.jar.delete(name);
    }
    return answer;
  }
}

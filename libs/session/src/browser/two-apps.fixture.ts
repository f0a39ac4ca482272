import { Body, Controller, Get, Post, Req, Res, type INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Request, Response } from 'express';
import type { Server } from 'node:http';
import supertest from 'supertest';
import { SessionModule } from '../session.module.js';
import type { SessionModuleOptions } from '../session.options.js';
import { SessionService } from '../session.service.js';

export type AppName = 'dashboard' | 'learn';

export const secret = 'a secret of at least thirty-two characters';

@Controller()
class SpecController {
  constructor(private readonly sessions: SessionService) {}

  @Post('login')
  async login(@Req() request: Request, @Body('user') user: string) {
    return { csrfToken: (await this.sessions.signIn(request, user)).csrfToken };
  }

  @Post('logout')
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
    await this.sessions.signOut(request, response);
  }

  @Get(['me', 'lessons/:slug'])
  me(@Req() request: Request) {
    return { user: this.sessions.identityOf(request)?.userId ?? 'guest' };
  }

  @Post('note')
  note(@Req() request: Request, @Res() response: Response) {
    // As an app that remembers something for a guest would.
    Object.assign(request.session, { noted: true });
    response.json(this.me(request));
  }
}

/** An app of the platform over a real Redis; `scheme` decides the prefixes of the cookies. */
export async function startApp(
  url: string,
  app: AppName,
  {
    scheme = 'http',
    ...options
  }: Partial<SessionModuleOptions> & { readonly scheme?: 'http' | 'https' } = {},
): Promise<INestApplication<Server>> {
  const module = await Test.createTestingModule({
    imports: [
      SessionModule.forRoot({
        redis: { url, deadlineMs: 500, healthIntervalMs: 100, bootWaitMs: 1000 },
        app,
        publicUrl: `${scheme}://${app}.trivet.localhost`,
        cookieDomain: 'trivet.localhost',
        cookieSecrets: [secret],
        keySecret: secret,
        sealKeys: [secret],
        ...options,
      }),
    ],
    controllers: [SpecController],
  }).compile();
  const nest = module.createNestApplication<
    INestApplication<Server> & { set(name: string, value: unknown): void }
  >({
    logger: false,
  });
  nest.set('trust proxy', 'loopback');
  await nest.init();
  return nest;
}

/** The option that gives both apps their binders. */
export const handoff = (scheme: 'http' | 'https' = 'http') => ({
  apps: { dashboard: `${scheme}://dashboard.trivet.localhost`, learn: `${scheme}://learn.trivet.localhost` },
  signInApp: 'dashboard',
});

export const on = (app: INestApplication<Server>) => supertest(app.getHttpServer());

/** `name=value` of the session cookie that an answer sets. */
export const sessionCookieOf = (answer: supertest.Response): string =>
  (answer.get('Set-Cookie') ?? [])
    .map((line) => line.split(';')[0] ?? '')
    .find((pair) => pair.includes('_session=')) ?? '';

/** A browser as far as cookies go: what an app sets for itself it alone gets back. */
export class Jar {
  readonly #cookies = new Map<string, { readonly host: string | undefined; readonly pair: string }>();

  /** Keeps what an answer of this app sets. */
  keep(app: AppName, answer: supertest.Response): void {
    for (const line of answer.get('Set-Cookie') ?? []) {
      const pair = line.split(';')[0] ?? '';
      const host = line.includes('Domain=') ? undefined : app;
      const key = `${pair.split('=')[0]} ${host}`;
      if (line.includes('Expires=Thu, 01 Jan 1970')) this.#cookies.delete(key);
      else this.#cookies.set(key, { host, pair });
    }
  }

  /** The header that this app gets. */
  for(app: AppName): string {
    const sent = [...this.#cookies.values()].filter(({ host }) => host === undefined || host === app);
    return sent.map(({ pair }) => pair).join('; ');
  }

  /** Forgets the cookies of one app alone: the jar overflowed, or the app is new to this browser. */
  loseOwn(app: AppName): void {
    for (const [key, { host }] of this.#cookies) if (host === app) this.#cookies.delete(key);
  }

  copy(): Jar {
    const copy = new Jar();
    for (const [key, cookie] of this.#cookies) copy.#cookies.set(key, cookie);
    return copy;
  }
}

import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { RedisStore } from 'connect-redis';
import session from 'express-session';
import { createClient } from 'redis';
import type { Env } from '../env.js';

declare module 'express-session' {
  interface SessionData {
    userId: string;
    signedInAt: string;
    lastCompleted: string;
  }
}

export const ENV = Symbol('ENV');
const MAX_AGE_MS = 24 * 60 * 60_000;

/** express-session over connect-redis over node-redis, as their READMEs show it. */
@Injectable()
export class SessionMiddleware implements OnApplicationShutdown {
  readonly store: RedisStore;
  readonly handle: ReturnType<typeof session>;
  readonly #client: ReturnType<typeof createClient>;

  constructor(@Inject(ENV) env: Env) {
    this.#client = createClient({ url: env.REDIS_SESSION_URL });
    this.#client.on('error', (error: unknown) => console.error('Redis Client Error', error));
    this.#client.connect().catch(console.error);
    this.store = new RedisStore({ client: this.#client });
    this.handle = session({
      store: this.store,
      secret: env.COOKIE_SECRETS,
      resave: false,
      saveUninitialized: false,
      cookie: { domain: env.COOKIE_DOMAIN, maxAge: MAX_AGE_MS, httpOnly: true, sameSite: 'lax' },
    });
  }

  onApplicationShutdown(): void {
    if (this.#client.isOpen) this.#client.destroy();
  }
}

import { addressList, flag, hostName, httpUrl, port, redisUrl, secret, secretList } from '@trivet/env';
import { sharedRedisClashes } from '@trivet/redis';
import type { z } from 'zod';

/** The variables that both web apps read, to be spread into their schemas. */
export const webEnvironmentFields = {
  HOST: hostName().default('0.0.0.0'),
  PORT: port(),
  REDIS_SESSION_URL: redisUrl(),
  REDIS_CACHE_URL: redisUrl(),
  ALLOW_SHARED_REDIS: flag(false),
  PUBLIC_URL_DASHBOARD: httpUrl(),
  PUBLIC_URL_LEARN: httpUrl(),
  COOKIE_DOMAIN: hostName(),
  COOKIE_SECRETS: secretList(),
  SESSION_KEY_SECRET: secret(),
  SESSION_SEAL_KEYS: secretList(),
  TRUSTED_PROXIES: addressList(),
};

/** What {@link checkWebEnvironment} looks at. */
export interface WebEnvironment {
  readonly NODE_ENV: string;
  readonly REDIS_SESSION_URL: string;
  readonly REDIS_CACHE_URL: string;
  readonly REDIS_QUEUE_URL: string;
  readonly ALLOW_SHARED_REDIS: boolean;
  readonly PUBLIC_URL_DASHBOARD: string;
  readonly PUBLIC_URL_LEARN: string;
  readonly COOKIE_DOMAIN: string;
  readonly COOKIE_SECRETS: readonly string[];
  readonly SESSION_KEY_SECRET: string;
  readonly SESSION_SEAL_KEYS: readonly string[];
}

const publicUrls = ['PUBLIC_URL_DASHBOARD', 'PUBLIC_URL_LEARN'] as const;
const secretLists = ['COOKIE_SECRETS', 'SESSION_SEAL_KEYS'] as const;

/** Secrets that stand in examples and templates; production must not run with one. */
const wellKnownSecret = /change[-_ ]?me|example|placeholder|replace|default/i;

/** What no single variable can tell: groups that share a Redis, cookies that reach no app, production in the open. */
export function checkWebEnvironment(env: WebEnvironment, context: z.RefinementCtx): void {
  const refuse = (name: string, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  const production = env.NODE_ENV === 'production';

  if (!env.ALLOW_SHARED_REDIS) {
    const { REDIS_SESSION_URL, REDIS_CACHE_URL, REDIS_QUEUE_URL } = env;
    for (const clash of sharedRedisClashes({ REDIS_SESSION_URL, REDIS_CACHE_URL, REDIS_QUEUE_URL })) {
      refuse(
        clash.split(' ')[2] ?? '',
        `${clash}; give each group its own, or set ALLOW_SHARED_REDIS=true on a laptop`,
      );
    }
  }
  for (const name of publicUrls) {
    const { protocol, hostname } = new URL(env[name]);
    const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
    if (protocol !== 'https:' && (production || !isLocal)) {
      refuse(name, 'is not https, without which cookies are only set on *.localhost outside production');
    }
    if (hostname !== env.COOKIE_DOMAIN && !hostname.endsWith(`.${env.COOKIE_DOMAIN}`)) {
      refuse(name, 'lies outside COOKIE_DOMAIN, so no sign-in would reach it');
    }
  }
  for (const name of secretLists) {
    if (production && env[name].some((secret) => wellKnownSecret.test(secret))) {
      refuse(name, 'holds a secret from an example');
    }
  }
  if (production && wellKnownSecret.test(env.SESSION_KEY_SECRET)) {
    refuse('SESSION_KEY_SECRET', 'is a secret from an example');
  }
}

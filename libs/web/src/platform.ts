import { redisGroup, type RedisGroupOptions } from '@trivet/redis';
import type { SessionModuleOptions } from '@trivet/session';
import type { AppName, Links } from '@trivet/ui';
import type { WebEnvironment } from './web-environment.js';

/** What an app's environment says about the Redis groups. */
type GroupsEnvironment = WebEnvironment & { readonly REDIS_CA_FILE?: string | undefined };

/** One set of options for each group, each from its own variable. */
export interface RedisGroups {
  readonly session: RedisGroupOptions;
  readonly cache: RedisGroupOptions;
  readonly queue: RedisGroupOptions;
}

/** Reads the groups' options out of an app's environment. */
export function redisGroups(env: GroupsEnvironment): RedisGroups {
  const { REDIS_CA_FILE: caFile } = env;
  return {
    session: redisGroup(env.REDIS_SESSION_URL, caFile),
    cache: redisGroup(env.REDIS_CACHE_URL, caFile),
    queue: redisGroup(env.REDIS_QUEUE_URL, caFile),
  };
}

/** Where both apps are. */
export function publicLinks(env: WebEnvironment): Links {
  return { dashboard: env.PUBLIC_URL_DASHBOARD, learn: env.PUBLIC_URL_LEARN };
}

/** The shared session, as this app takes part in it. */
export function sharedSession(app: AppName, env: GroupsEnvironment): SessionModuleOptions {
  return {
    redis: redisGroups(env).session,
    app,
    publicUrl: publicLinks(env)[app],
    cookieDomain: env.COOKIE_DOMAIN,
    cookieSecrets: env.COOKIE_SECRETS,
    keySecret: env.SESSION_KEY_SECRET,
    sealKeys: env.SESSION_SEAL_KEYS,
    handoff: { apps: { ...publicLinks(env) }, signInApp: 'dashboard' },
  };
}

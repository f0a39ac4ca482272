import { expect, it } from '@jest/globals';
import { environmentNames, readEnvironment } from '@trivet/env';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { environment } from './env.js';

const file = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
// Optional variables stand behind a `#`.
const example = parseEnv(file.replace(/^# (?=[A-Z_]+=)/gm, ''));
const boot = (changes: Record<string, string>) => () =>
  readEnvironment(environment, { ...example, ...changes });

const inProduction = {
  NODE_ENV: 'production',
  PUBLIC_URL_DASHBOARD: 'https://dashboard.academy.test',
  PUBLIC_URL_LEARN: 'https://learn.academy.test',
  COOKIE_DOMAIN: 'academy.test',
  COOKIE_SECRETS: 'c'.repeat(32),
  SESSION_KEY_SECRET: 'k'.repeat(32),
  SESSION_SEAL_KEYS: 's'.repeat(32),
};

it('finds every variable that it reads in .env.example', () => {
  expect(environmentNames(environment).filter((name) => !(name in example))).toEqual([]);
});

it('starts with the example’s values, and in production with https and secrets of its own', () => {
  expect(boot({})()).toMatchObject({
    COOKIE_DOMAIN: 'trivet.localhost',
    REDIS_CACHE_URL: example.REDIS_CACHE_URL,
  });
  expect(boot(inProduction)()).toMatchObject({ NODE_ENV: 'production' });
});

it.each([
  ['REDIS_CACHE_URL', '', 'REDIS_CACHE_URL: .+ is missing'],
  ['PORT', 'http', 'PORT: expected a port from 0 to 65535, got something else'],
  ['REDIS_CACHE_URL', example.REDIS_SESSION_URL ?? '', 'REDIS_CACHE_URL: .+ point at the same Redis'],
  ['PUBLIC_URL_LEARN', 'http://learn.academy.test', 'PUBLIC_URL_LEARN: .+ is not https'],
  ['COOKIE_SECRETS', example.COOKIE_SECRETS ?? '', 'COOKIE_SECRETS: .+ holds a secret from an example'],
])('refuses in production an unfit %s (%s)', (name, value, line) => {
  expect(boot({ ...inProduction, [name]: value })).toThrow(new RegExp(`^${line}`));
});

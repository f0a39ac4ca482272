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

it('finds nothing else there but the worker’s mail and the ports of `npm start`', () => {
  const names = [...environmentNames(environment), 'SMTP_URL', 'MAIL_FROM'];
  const others = Object.keys(example).filter((name) => !names.includes(name));
  expect(others.filter((name) => !name.startsWith('PORT_'))).toEqual([]);
});

it('leaves the embedded database alone when the example is copied to .env', () => {
  expect(parseEnv(file)).not.toHaveProperty('DATABASE_URL');
});

it('starts with the example’s values', () => {
  expect(boot({})()).toMatchObject({
    PORT: 3001,
    ALLOW_SHARED_REDIS: false,
    COOKIE_DOMAIN: 'trivet.localhost',
    TRUSTED_PROXIES: ['10.0.0.0/8', '127.0.0.1'],
  });
});

it('names each missing variable on a line of its own, with an example', () => {
  const lines = messageOf(() => readEnvironment(environment, {})).split('\n');
  expect(lines).toHaveLength(12);
  expect(lines).toContain(
    'REDIS_SESSION_URL: expected a redis://, rediss:// or redis-sentinel:// URL, is missing (example: redis://127.0.0.1:6379/0)',
  );
  for (const line of lines) expect(line).toMatch(/^[A-Z_]+: expected .+, is missing \(example: .+\)$/);
});

it.each([
  ['PORT', '70000', 'PORT: expected a port from 0 to 65535, got something else (example: 3001)'],
  [
    'PUBLIC_URL_LEARN',
    'https://learn.academy.test/',
    'PUBLIC_URL_LEARN: expected an http:// or https:// origin',
  ],
  ['TRUSTED_PROXIES', '0.0.0.0/0', 'item 1 would trust everybody'],
  ['COOKIE_SECRETS', 'short', 'COOKIE_SECRETS: expected a comma list of secrets'],
  ['REDIS_CACHE_URL', 'redis-cluster://h:1', 'redis-cluster:// is not supported'],
])('refuses a malformed %s', (name, value, line) => {
  expect(boot({ [name]: value })).toThrow(line);
});

it('never repeats a value: it may be a secret', () => {
  expect(messageOf(boot({ COOKIE_SECRETS: 'hunter2', REDIS_CACHE_URL: 'hunter2' }))).not.toContain('hunter2');
});

it('refuses two groups on one Redis, however it is written, unless told otherwise', () => {
  const shared = { REDIS_SESSION_URL: 'redis://:a@h:6379', REDIS_QUEUE_URL: 'redis://:b@h/0' };
  expect(boot(shared)).toThrow(/^REDIS_QUEUE_URL: .*REDIS_SESSION_URL and REDIS_QUEUE_URL point at the same/);
  expect(boot({ ...shared, ALLOW_SHARED_REDIS: 'true' })()).toMatchObject({ ALLOW_SHARED_REDIS: true });
});

it('starts in production with https and secrets of its own', () => {
  expect(boot(inProduction)()).toMatchObject({ NODE_ENV: 'production' });
});

it.each([
  ['PUBLIC_URL_LEARN', 'http://learn.academy.test', 'PUBLIC_URL_LEARN: .+ is not https'],
  [
    'PUBLIC_URL_DASHBOARD',
    'https://dashboard.elsewhere.test',
    'PUBLIC_URL_DASHBOARD: .+ lies outside COOKIE_DOMAIN',
  ],
  ['COOKIE_SECRETS', example.COOKIE_SECRETS ?? '', 'COOKIE_SECRETS: .+ holds a secret from an example'],
  [
    'SESSION_KEY_SECRET',
    example.SESSION_KEY_SECRET ?? '',
    'SESSION_KEY_SECRET: .+ is a secret from an example',
  ],
])('refuses in production an unfit %s', (name, value, line) => {
  expect(boot({ ...inProduction, [name]: value })).toThrow(new RegExp(`^${line}`));
});

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing was refused';
}

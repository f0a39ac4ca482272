import { expect, it } from '@jest/globals';
import { readEnvironment, choice, redisUrl } from '@trivet/env';
import { z } from 'zod';
import { checkWebEnvironment, webEnvironmentFields } from './web-environment.js';

const schema = z
  .object({
    NODE_ENV: choice(['development', 'test', 'production'], 'development'),
    REDIS_QUEUE_URL: redisUrl(),
    ...webEnvironmentFields,
  })
  .superRefine(checkWebEnvironment);

const good = {
  PORT: '3001',
  REDIS_SESSION_URL: 'redis://127.0.0.1:6401/0',
  REDIS_CACHE_URL: 'redis://127.0.0.1:6402/0',
  REDIS_QUEUE_URL: 'redis://127.0.0.1:6403/0',
  PUBLIC_URL_DASHBOARD: 'https://dashboard.academy.test',
  PUBLIC_URL_LEARN: 'https://learn.academy.test',
  COOKIE_DOMAIN: 'academy.test',
  COOKIE_SECRETS: 'c'.repeat(32),
  SESSION_KEY_SECRET: 'k'.repeat(32),
  SESSION_SEAL_KEYS: 's'.repeat(32),
};

function linesOf(changes: Record<string, string>): string[] {
  try {
    readEnvironment(schema, { ...good, ...changes });
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

it.each([
  ['https anywhere', {}],
  ['https in production', { NODE_ENV: 'production' }],
  [
    'http on *.localhost',
    {
      PUBLIC_URL_DASHBOARD: 'http://dashboard.trivet.localhost:3001',
      PUBLIC_URL_LEARN: 'http://learn.trivet.localhost:3002',
      COOKIE_DOMAIN: 'trivet.localhost',
    },
  ],
  ['an app on the cookie’s domain itself', { PUBLIC_URL_DASHBOARD: 'https://academy.test' }],
  ['two databases of one server', { REDIS_CACHE_URL: 'redis://127.0.0.1:6401/1' }],
  [
    'a word such as “change” in a secret outside production',
    { COOKIE_SECRETS: `change-me${'c'.repeat(32)}` },
  ],
])('accepts %s', (_what, changes) => {
  expect(linesOf(changes)).toEqual([]);
});

it.each([
  [
    'http on a real domain',
    { PUBLIC_URL_LEARN: 'http://learn.academy.test' },
    /^PUBLIC_URL_LEARN: .* is not https/,
  ],
  [
    'http on *.localhost in production',
    {
      NODE_ENV: 'production',
      PUBLIC_URL_DASHBOARD: 'http://dashboard.academy.localhost',
      PUBLIC_URL_LEARN: 'https://learn.academy.localhost',
      COOKIE_DOMAIN: 'academy.localhost',
    },
    /^PUBLIC_URL_DASHBOARD: .* is not https/,
  ],
  [
    'an app that only ends like the cookie’s domain',
    { PUBLIC_URL_LEARN: 'https://notacademy.test' },
    /^PUBLIC_URL_LEARN: .* lies outside COOKIE_DOMAIN/,
  ],
  [
    'two groups on the same Sentinels and master',
    {
      REDIS_SESSION_URL: 'redis-sentinel://a:1,b:2/0#main',
      REDIS_CACHE_URL: 'redis-sentinel://b:2,a:1#main',
    },
    /^REDIS_CACHE_URL: .*REDIS_SESSION_URL and REDIS_CACHE_URL point at the same Redis server and database/,
  ],
  [
    'an old secret from an example in production',
    { NODE_ENV: 'production', COOKIE_SECRETS: `${'c'.repeat(32)},example-${'c'.repeat(32)}` },
    /^COOKIE_SECRETS: .* holds a secret from an example/,
  ],
  [
    'a seal key from an example in production',
    { NODE_ENV: 'production', SESSION_SEAL_KEYS: `change-me-${'s'.repeat(32)}` },
    /^SESSION_SEAL_KEYS: .* holds a secret from an example/,
  ],
  [
    'a key secret from an example in production',
    { NODE_ENV: 'production', SESSION_KEY_SECRET: `REPLACE_ME_${'k'.repeat(32)}` },
    /^SESSION_KEY_SECRET: .* is a secret from an example/,
  ],
])('refuses %s', (_what, changes, line) => {
  const lines = linesOf(changes);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(line);
});

it('names both groups that clash with a third', () => {
  const url = good.REDIS_SESSION_URL;
  const lines = linesOf({ REDIS_CACHE_URL: url, REDIS_QUEUE_URL: url });
  expect(lines.map((line) => line.split(':')[0])).toEqual(['REDIS_CACHE_URL', 'REDIS_QUEUE_URL']);
});

it.each([
  ['several hosts without Sentinel', 'redis://h1,h2:6379/0'],
  ['port 0', 'redis://h:0/0'],
  ['a Sentinel’s port that is none', 'redis-sentinel://h:99999/0#main'],
  ['a password that is not encoded', 'redis://:50%zz@h:6379/0'],
])('refuses a Redis URL with %s in one line, before anything connects', (_what, url) => {
  const lines = linesOf({ REDIS_CACHE_URL: url });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^REDIS_CACHE_URL: expected a redis:/);
});

import { expect, it } from '@jest/globals';
import { environmentNames, readEnvironment } from '@trivet/env';
import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { databaseEnvironment, environment } from './env.js';

// Optional variables stand behind a `#`.
const file = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
const example = parseEnv(file.replace(/^# (?=[A-Z_]+=)/gm, ''));
const boot = (changes: Record<string, string>) => () =>
  readEnvironment(environment, { ...example, ...changes });

it('finds every variable that it reads in .env.example', () => {
  expect(environmentNames(environment).filter((name) => !(name in example))).toEqual([]);
});

it('starts with the example’s values', () => {
  expect(boot({})()).toMatchObject({
    NODE_ENV: 'development',
    MANAGEMENT_PORT: 3101,
    REDIS_QUEUE_URL: 'redis://127.0.0.1:6403/0',
  });
});

it('needs nothing of the web apps, nor their checks', () => {
  const names = [
    'MANAGEMENT_PORT',
    'DATABASE_URL',
    'REDIS_QUEUE_URL',
    'SMTP_URL',
    'MAIL_FROM',
    'PUBLIC_URL_LEARN',
  ];
  const given = { NODE_ENV: 'production', ...Object.fromEntries(names.map((name) => [name, example[name]])) };
  expect(readEnvironment(environment, given)).toMatchObject({ NODE_ENV: 'production', LOG_FORMAT: 'json' });
});

it('names each missing variable on a line of its own, with an example', () => {
  expect(() => readEnvironment(environment, {})).toThrow(
    [
      'MANAGEMENT_PORT: expected a port from 0 to 65535, is missing (example: 3001)',
      'DATABASE_URL: expected a postgresql:// URL, is missing (example: postgresql://trivet:password@127.0.0.1:5432/trivet)',
      'REDIS_QUEUE_URL: expected a redis://, rediss:// or redis-sentinel:// URL, is missing (example: redis://127.0.0.1:6379/0)',
      'SMTP_URL: expected an smtp:// or smtps:// URL, is missing (example: smtps://user:password@mail.example.org:465)',
      'MAIL_FROM: expected a mail address, alone or as Name <address>, is missing (example: Academy <academy@example.org>)',
      'PUBLIC_URL_LEARN: expected an http:// or https:// origin without a trailing slash, is missing (example: https://learn.example.org)',
    ].join('\n'),
  );
});

it.each([
  [
    'LOG_LEVEL',
    'loud',
    'LOG_LEVEL: expected one of fatal, error, warn, log, debug, verbose, got something else',
  ],
  ['DATABASE_URL', 'mysql://h/d', 'DATABASE_URL: expected a postgresql:// URL, got something else'],
  ['REDIS_QUEUE_URL', 'redis-cluster://h', 'redis-cluster:// is not supported'],
])('refuses a malformed %s', (name, value, line) => {
  expect(boot({ [name]: value })).toThrow(line);
});

it('asks no Redis of the database commands', () => {
  const { DATABASE_URL } = example;
  expect(readEnvironment(databaseEnvironment, { DATABASE_URL })).toEqual({
    NODE_ENV: 'development',
    DATABASE_URL,
  });
});

import { expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  environmentNames,
  EnvironmentError,
  port,
  readEnvironment,
  redisUrl,
  secret,
  text,
} from './index.js';

const schema = z.object({
  PORT: port(3001),
  REDIS_SESSION_URL: redisUrl(),
  SESSION_KEY_SECRET: secret(),
  REDIS_CA_FILE: text('the path of a file', '/etc/trivet/ca.pem').optional(),
});

const good = { REDIS_SESSION_URL: 'redis://127.0.0.1:6379/0', SESSION_KEY_SECRET: 'k'.repeat(32) };

function messageOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
  throw new Error('Expected an EnvironmentError.');
}

it('parses the named variables, fills defaults and ignores the rest', () => {
  expect(readEnvironment(schema, { ...good, PATH: '/bin' })).toEqual({ ...good, PORT: 3001 });
});

it('treats an empty string as missing', () => {
  expect(readEnvironment(schema, { ...good, PORT: '', REDIS_CA_FILE: '' })).toEqual({ ...good, PORT: 3001 });
  expect(messageOf(() => readEnvironment(schema, { ...good, REDIS_SESSION_URL: '' }))).toBe(
    'REDIS_SESSION_URL: expected a redis://, rediss:// or redis-sentinel:// URL, is missing ' +
      '(example: redis://127.0.0.1:6379/0)',
  );
});

it('writes exactly one line per wrong variable, in the order of the schema', () => {
  const lines = messageOf(() => readEnvironment(schema, { PORT: 'x', SESSION_KEY_SECRET: 'short' })).split(
    '\n',
  );
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'PORT',
    'REDIS_SESSION_URL',
    'SESSION_KEY_SECRET',
  ]);
});

it('never prints a value', () => {
  const source = { PORT: 'hunter2', REDIS_SESSION_URL: 'ftp://hunter2', SESSION_KEY_SECRET: 'hunter2' };
  expect(messageOf(() => readEnvironment(schema, source))).not.toContain('hunter2');
});

it('finds the hint below optional and default', () => {
  const wrapped = z.object({ QUEUE: redisUrl().optional(), SECRET: secret().default('k'.repeat(32)) });
  expect(messageOf(() => readEnvironment(wrapped, { QUEUE: 'x', SECRET: 'x' }))).toMatch(
    /^QUEUE: expected a redis:.*\nSECRET: expected a secret/,
  );
});

it('says something for a field without a hint, and repeats the reason of a check across fields', () => {
  const plain = z
    .object({ COLOUR: z.string().regex(/^\w+$/), SIZE: z.string() })
    .refine((env) => env.COLOUR !== env.SIZE, { path: ['SIZE'], error: 'must not equal COLOUR' });
  expect(messageOf(() => readEnvironment(plain, { COLOUR: '?', SIZE: '1' }))).toBe(
    'COLOUR: expected a valid value, got something else',
  );
  expect(messageOf(() => readEnvironment(plain, { COLOUR: 'a', SIZE: 'a' }))).toBe(
    'SIZE: expected a valid value, must not equal COLOUR',
  );
});

it('carries a code and the problems', () => {
  const { code, problems } = new EnvironmentError([{ name: 'A', expected: 'b', reason: 'is missing' }]);
  expect([code, problems.length]).toEqual(['ENVIRONMENT_INVALID', 1]);
});

it('lists the names of a schema', () => {
  expect(environmentNames(schema)).toEqual([
    'PORT',
    'REDIS_SESSION_URL',
    'SESSION_KEY_SECRET',
    'REDIS_CA_FILE',
  ]);
});

import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createLogger } from './logger.js';

let written: string;

beforeEach(() => {
  written = '';
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((chunk) => {
      written += String(chunk);
      return true;
    });
  }
});

afterEach(() => {
  jest.restoreAllMocks();
});

const json = createLogger({ level: 'log', format: 'json' });

it('writes one JSON record per line, with the fields of the object beside the message', () => {
  json.warn('The session Redis is away', { event: 'redis_group_down', group: 'session' }, 'Redis:session');
  json.log('The session Redis is back', { event: 'redis_group_up', downForMs: 12 }, 'Redis:session');
  expect(written.endsWith('\n')).toBe(true);
  const records = written
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(records).toEqual([
    expect.objectContaining({
      level: 'warn',
      message: 'The session Redis is away',
      context: 'Redis:session',
      event: 'redis_group_down',
      group: 'session',
      timestamp: expect.any(Number),
      pid: process.pid,
    }),
    expect.objectContaining({ level: 'log', event: 'redis_group_up', downForMs: 12 }),
  ]);
});

it('keeps a stack on the record’s one line', () => {
  json.error('A request failed', { event: 'request_failed', stack: 'Error: a\n    at b' }, 'ErrorFilter');
  expect(written.split('\n')).toHaveLength(2);
  expect(JSON.parse(written)).toMatchObject({ event: 'request_failed', stack: 'Error: a\n    at b' });
});

it('leaves out what is less severe than its level', () => {
  const strict = createLogger({ level: 'warn', format: 'json' });
  strict.log('not this');
  strict.debug('nor this');
  strict.error('but this');
  expect(JSON.parse(written)).toMatchObject({ level: 'error', message: 'but this' });
});

it('leaves out Nest’s line for each module and route', () => {
  json.log('AppModule dependencies initialized', 'InstanceLoader');
  json.log('Mapped {/, GET} route', 'RouterExplorer');
  expect(written).toBe('');
});

it('writes for people when asked to', () => {
  createLogger({ level: 'log', format: 'pretty' }).log('Nest application started', 'NestApplication');
  expect(written).toMatch(/LOG.*NestApplication.*Nest application started/);
});

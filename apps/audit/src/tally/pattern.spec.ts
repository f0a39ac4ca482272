import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { patternOf } from './pattern.js';

it.each([
  ['sess:NqJbYISPHOLTwAM5LCDIAWvUKQkjUPO1', 'sess:*'],
  ['bull:certificates:0190f3a2-1b2c-7def-8123-456789abcdef', 'bull:certificates:*'],
  ['bull:certificates:0190f3a2-1b2c-7def-8123-456789abcdef:logs', 'bull:certificates:*:logs'],
  ['bull:certificates:42', 'bull:certificates:*'],
  ['bull:certificates:repeat:3f2a9b7c6d5e4f3a2b1c0d9e8f7a6b5c:1700000000', 'bull:certificates:repeat:*:*'],
  ['celery-task-meta-9f0e1d2c-1111-4222-8333-123456789abc', 'celery-task-meta-*'],
  ['cache:page:d41d8cd98f00b204e9800998ecf8427e', 'cache:page:*'],
  ['cache:page:course-list-page-2', 'cache:page:course-list-page-*'],
  ['etag:W/da39a3ee', 'etag:W/*'],
  ['rate:10.0.0.1', 'rate:*'],
  ['login:ada@example.org', 'login:*'],
  ['stats:2024-01-15', 'stats:*'],
  ['{user:12}:inbox', '{user:*}:inbox'],
  ['user42:cart', 'user*:cart'],
  ['ulid:01ARZ3NDEKTSV4RRFFQ69G5FAV', 'ulid:*'],
])('%s is %s', (name, pattern) => {
  expect(patternOf(name)).toBe(pattern);
});

it.each([
  'bull:certificates:meta',
  'bull:certificates:stalled-check',
  'cache:v2:front-page',
  'i18n-translations-en',
  'oauth2callback-url',
  'getUserProfileByIdentifier',
  'deadbeef',
  'socket.io#/#room',
  '',
])('keeps %j', (name) => {
  expect(patternOf(name)).toBe(name);
});

it.each([
  ['uuids', () => randomUUID(), 0],
  ['hex hashes', () => randomBytes(16).toString('hex'), 0],
  ['session ids', () => randomBytes(24).toString('base64url'), 50],
])('recognises %s; the few it misses are folded later', (_name, id, missedOf10000) => {
  const missed = Array.from({ length: 10_000 }, id).filter((text) => patternOf(`sess:${text}`) !== 'sess:*');
  expect(missed.length).toBeLessThanOrEqual(missedOf10000);
});

it('has a bounded length', () => {
  expect(patternOf('word-'.repeat(1_000)).length).toBeLessThanOrEqual(201);
});

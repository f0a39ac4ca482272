import { expect, it } from '@jest/globals';
import { type Ask } from '../load/ask.js';
import { type Answer } from '../load/send.js';
import { classify } from './classify.js';

const me: Ask = { app: 'dashboard', method: 'GET', path: '/api/me', expects: [200] };
const stepUp: Ask = {
  app: 'dashboard',
  method: 'DELETE',
  path: '/api/devices',
  expects: [204],
  mayRefuse: true,
};
const answer = (status: number, differences: Partial<Answer> = {}): Answer => ({
  end: 'complete',
  status,
  headers: {},
  body: '',
  ms: 5,
  ...differences,
});
const refusal = answer(503, {
  headers: { 'retry-after': '2', 'content-type': 'application/json; charset=utf-8' },
  body: '{"code":"SESSION_UNAVAILABLE"}',
});

it.each([
  ['2xx', me, answer(200)],
  ['3xx', { ...me, path: '/login', expects: [303] }, answer(303, { headers: { location: '/' } })],
  ['4xx', { ...me, expects: [404] }, answer(404)],
  ['unexpected', me, answer(404)],
  ['undeclared5xx', me, answer(500)],
] as const)('calls it %s when the status says so and the route expects it', (found, ask, given) => {
  expect(classify(ask, given)).toBe(found);
});

it('calls a right answer late after a second, unless a password is hashed', () => {
  expect(classify(me, answer(200, { ms: 1_000 }))).toBe('2xx');
  expect(classify(me, answer(200, { ms: 1_001 }))).toBe('late');
  expect(classify({ ...me, isHashing: true }, answer(200, { ms: 1_001 }))).toBe('2xx');
});

it('calls a 503 declared when the route may refuse and the answer says when to return and a code', () => {
  expect(classify(stepUp, refusal)).toBe('declared503');
  expect(classify(me, refusal)).toBe('undeclared5xx');
  expect(classify(stepUp, { ...refusal, headers: { 'content-type': 'application/json' } })).toBe(
    'undeclared5xx',
  );
  expect(classify(stepUp, { ...refusal, body: '{}' })).toBe('undeclared5xx');
});

it('knows a guest by a 401, by the way to the sign-in page, and by that page itself', () => {
  expect(classify(me, answer(401))).toBe('guest');
  expect(classify({ ...me, path: '/' }, answer(303, { headers: { location: '/login?return_to=x' } }))).toBe(
    'guest',
  );
  expect(classify({ ...me, path: '/login', expects: [303] }, answer(200))).toBe('guest');
});

it('does not call a refused sign-in a guest', () => {
  expect(classify({ ...me, method: 'POST', path: '/api/login' }, answer(401))).toBe('unexpected');
});

it('looks at how the answer ended before its status', () => {
  for (const end of ['timeout', 'reset', 'truncated'] as const)
    expect(classify(me, answer(200, { end }))).toBe(end);
});

import { type Ask } from './ask.js';

const page = (app: Ask['app'], path: string): Ask => ({ app, method: 'GET', path, expects: [200] });

const lessons = [
  'three-kinds-of-data',
  'memory-and-eviction',
  'what-a-queue-can-promise',
  'retries-and-dead-letters',
  'what-a-drain-does',
];
const courses = ['redis-in-production', 'queues-that-keep-promises', 'kubernetes-node-upgrades'];

/** How a signed-in learner uses both apps; each appears as often as its weight. */
const weighted: readonly (readonly [number, (turn: number) => Ask])[] = [
  [6, () => page('dashboard', '/api/me')],
  [5, () => page('learn', '/api/me')],
  [4, () => page('dashboard', '/')],
  [2, () => page('dashboard', '/account')],
  [2, () => page('dashboard', '/api/devices')],
  [1, () => ({ ...page('dashboard', '/login'), expects: [303] })],
  [4, () => page('learn', '/')],
  [4, () => page('learn', '/api/courses')],
  [4, (turn) => page('learn', `/api/lessons/${pick(lessons, turn)}`)],
  [4, (turn) => page('learn', `/lessons/${pick(lessons, turn)}`)],
  [1, () => ({ ...page('learn', '/api/lessons/no-such-lesson'), expects: [404] })],
  [2, (turn) => ({ ...page('learn', `/api/lessons/${pick(lessons, turn)}/complete`), method: 'POST' })],
  [3, () => page('learn', '/api/notes?limit=20')],
];
const steady = weighted.flatMap(([weight, ask]) => Array<(turn: number) => Ask>(weight).fill(ask));

const pick = <T>(items: readonly T[], turn: number): T => items[turn % items.length] as T;

/** The request of a turn. Each person meets every route, because 42 and 50 do not step together. */
export const learnerAsk = (turn: number): Ask => pick(steady, turn * 5 + Math.floor(turn / 50))(turn);

/** A note: a job that runs in the web process when the queue is away. */
export const noteAsk = (text: string): Ask => ({
  app: 'learn',
  method: 'POST',
  path: '/api/notes',
  body: { text },
  expects: [202],
  mayRefuse: true,
});

/** A certificate: a job that a worker does. Each person gets one per course; later asks are answered 409. */
export const certificateAsk = (turn: number): Ask => ({
  app: 'learn',
  method: 'POST',
  path: '/api/certificates',
  body: { course: pick(courses, Math.floor(turn / 50)) },
  expects: [202, 409],
  mayRefuse: true,
});

/** What the certificate became. */
export const certificateState = (id: string): Ask => page('learn', `/api/certificates/${id}`);

/** The rendered PDF; 404 while it is not there. */
export const certificateFile = (id: string): Ask => ({
  ...page('dashboard', `/api/certificates/${id}/file`),
  expects: [200, 404],
});

/** The arbiter of who is signed in. */
export const me = (app: Ask['app']): Ask => page(app, '/api/me');

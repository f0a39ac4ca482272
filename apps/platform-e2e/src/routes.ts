import type { Test } from 'supertest';
import type { Visitor, WebApp } from './visitor.js';

/** Something that a signed-in learner asks for. */
export interface Route {
  readonly name: string;
  readonly ask: (visitor: Visitor) => Test;
  /** Whether only a session that Redis has just confirmed may do it: else a declared 503. */
  readonly isStepUp?: true;
  /** Whether a password is hashed for it, which takes its time. */
  readonly hashes?: true;
}

const page = (app: WebApp, path: string): Route => ({
  name: `GET ${app} ${path}`,
  ask: (visitor) => visitor.page(app, path),
});

const read = (app: WebApp, path: string): Route => ({
  name: `GET ${app} ${path}`,
  ask: (visitor) => visitor.get(app, path),
});

const send = (app: WebApp, path: string, body?: object): Route => ({
  name: `POST ${app} ${path}`,
  ask: (visitor) => visitor.post(app, path, body),
});

const submit = (app: WebApp, path: string, fields?: Record<string, string>): Route => ({
  name: `form ${app} ${path}`,
  ask: (visitor) => visitor.submit(app, path, fields),
});

const stepUp = (route: Route): Route => ({ ...route, isStepUp: true });

const passwords = { currentPassword: 'not the horse', newPassword: 'battery staple' };

/** Every page and route of a learner, sign-out and the revocation of the own session aside. */
export const routes: readonly Route[] = [
  page('dashboard', '/'),
  page('dashboard', '/login'),
  page('dashboard', '/account'),
  page('dashboard', '/operations'),
  page('learn', '/'),
  page('learn', '/lessons/three-kinds-of-data'),
  page('learn', '/nothing'),
  read('dashboard', '/api/me'),
  read('dashboard', '/api/devices'),
  read('learn', '/api/me'),
  read('learn', '/api/courses'),
  read('learn', '/api/lessons/three-kinds-of-data'),
  read('learn', '/api/notes'),
  read('learn', '/api/certificates/01900000-0000-7000-8000-000000000000'),
  send('learn', '/api/lessons/three-kinds-of-data/complete'),
  send('learn', '/api/notes', { text: 'noted in an outage' }),
  send('learn', '/api/certificates', { course: 'redis-in-production' }),
  { ...stepUp(send('dashboard', '/api/account/password', passwords)), hashes: true },
  submit('learn', '/lessons/memory-and-eviction/complete'),
  submit('learn', '/notes', { text: 'noted on a page' }),
  submit('learn', '/certificates', { course: 'kubernetes-node-upgrades' }),
  stepUp(submit('dashboard', '/account/devices/revoke-others')),
];

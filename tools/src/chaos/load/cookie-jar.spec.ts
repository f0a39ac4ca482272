import { expect, it } from '@jest/globals';
import { CookieJar } from './cookie-jar.js';

const session = (value: string): string => `_shared_org_session=${value}; Domain=trivet.localhost; HttpOnly`;

it('sends a cookie with a Domain to both apps, and one without only back', () => {
  const jar = new CookieJar();
  jar.keep(session('s%3Aone.signature'), 'dashboard');
  jar.keep('__Host-binder=a; Path=/; Secure', 'dashboard');
  jar.keep('__Host-binder=b; Path=/; Secure', 'learn');
  expect(jar.header('dashboard')).toBe('_shared_org_session=s%3Aone.signature; __Host-binder=a');
  expect(jar.header('learn')).toBe('_shared_org_session=s%3Aone.signature; __Host-binder=b');
});

it('drops what has expired', () => {
  const jar = new CookieJar();
  jar.keep(session('s%3Aone.signature'), 'dashboard');
  jar.keep(session('; Expires=Thu, 01 Jan 1970 00:00:00 GMT'), 'learn');
  expect(jar.isEmpty).toBe(true);
});

it('tells another session id from a new signature', () => {
  const jar = new CookieJar();
  expect(jar.keep(session('s%3Aone.old'), 'dashboard')).toBe(false);
  expect(jar.keep(session('s%3Aone.new'), 'dashboard')).toBe(false);
  expect(jar.keep(session('s%3Atwo.new'), 'dashboard')).toBe(true);
  expect(jar.keep('_shared_org_continuity=x; Domain=trivet.localhost', 'dashboard')).toBe(false);
});

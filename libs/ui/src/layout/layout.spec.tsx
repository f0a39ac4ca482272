import { expect, it } from '@jest/globals';
import type { PageContext } from '../page-context.js';
import { guestContext, hostileUser, parsePage, signedInContext } from '../testing/index.js';
import { Layout } from './layout.js';

const open = (context: PageContext, title = 'A page') =>
  parsePage(
    <Layout context={context} title={title}>
      <h1>{title}</h1>
    </Layout>,
  );

const hrefs = ($: ReturnType<typeof open>) => $('nav[aria-label=Main] a').map((_, a) => $(a).attr('href'));

it('leads to both sites from either', () => {
  for (const app of ['dashboard', 'learn'] as const) {
    expect(hrefs(open(guestContext({ app }))).get()).toEqual([
      'http://dashboard.trivet.localhost:3001/',
      'http://learn.trivet.localhost:3002/',
    ]);
  }
});

it('leads operators to their pages', () => {
  const operator = signedInContext({ user: { ...hostileUser, roles: ['learner', 'operator'] } });
  expect(hrefs(open(operator)).get()).toContain('http://dashboard.trivet.localhost:3001/operations');
  expect(hrefs(open(signedInContext())).get()).toHaveLength(2);
});

it.each([
  ['dashboard', '/', 'Dashboard'],
  ['dashboard', '/account', ''],
  ['learn', '/lessons/x?done=1', 'Courses'],
] as const)('marks the place of %s%s as current', (app, path, label) => {
  expect(open(signedInContext({ app, path }))('nav[aria-label=Main] [aria-current]').text()).toBe(label);
});

it('brings a guest back to the page after signing in', () => {
  const href = open(guestContext({ path: '/lessons/x?a=1&b=2' }))('.sign-in').attr('href') ?? '';
  const url = new URL(href);
  expect(url.origin + url.pathname).toBe('http://dashboard.trivet.localhost:3001/login');
  expect(url.searchParams.get('return_to')).toBe('http://learn.trivet.localhost:3002/lessons/x?a=1&b=2');
});

it('offers signing out, with the token, only to who is signed in', () => {
  const $ = open(signedInContext());
  expect($('form[action="/logout"] input[name=_csrf]').attr('value')).toBe('token-of-this-request');
  expect(open(guestContext())('form')).toHaveLength(0);
});

it('escapes a hostile name and title', () => {
  const $ = open(signedInContext(), '</title><script>alert(1)</script>');
  expect($('script:not([src])')).toHaveLength(0);
  expect($('summary').text()).toBe(hostileUser.name);
  expect($('title').text()).toBe('</title><script>alert(1)</script> · Trivet');
});

it('lets the keyboard skip to the content first', () => {
  const $ = open(guestContext());
  expect($('body a').first().attr('href')).toBe('#main');
  expect($('main').attr('id')).toBe('main');
});

it('says what each degraded group means, and nothing of names it does not know', () => {
  const $ = open(guestContext({ degraded: ['session', 'cache', 'queue', 'toString'] }));
  expect($('.degraded[role=status] li')).toHaveLength(3);
  expect($('.degraded').text()).toContain('Your sign-in is kept');
});

it('has no banner when nothing is degraded', () => {
  expect(open(guestContext())('.degraded')).toHaveLength(0);
});

it('shows what the last form has done', () => {
  const $ = open(guestContext({ flash: [{ tone: 'success', text: 'Note <saved>.' }] }));
  expect($('main .alert.success').text()).toBe('Note <saved>.');
});

import { expect, it } from '@jest/globals';
import type { Digest } from '@trivet/academy';
import { describePages, hostileUser, parsePage, signedInContext } from '@trivet/ui/testing';
import { DigestPage } from './digest-page.js';

const digest: Digest = {
  name: hostileUser.name,
  email: hostileUser.email,
  period: { from: new Date('2026-07-07T09:30:00Z'), until: new Date('2026-07-14T09:30:00Z') },
  courses: [
    { title: 'Caching <without> regret', completed: 2, total: 5, lately: 1 },
    { title: 'Queues', completed: 0, total: 5, lately: 0 },
  ],
  certificates: ['Caching <without> regret'],
  notes: 2,
  next: { slug: 'tags', title: 'Invalidation by <tags>' },
};

const page = (isWeekly: boolean, changes: Partial<Digest> = {}) => (
  <DigestPage
    context={signedInContext({ path: '/digest' })}
    digest={{ ...digest, ...changes }}
    isWeekly={isWeekly}
  />
);
const quiet = page(false, {
  courses: digest.courses.map((course) => ({ ...course, lately: 0 })),
  certificates: [],
  notes: 0,
  next: undefined,
});

describePages({ 'a busy week': page(true), 'a quiet week': quiet });

it('tells what happened within the week, and what comes next', () => {
  const $ = parsePage(page(true));
  expect(
    $('#news li')
      .map((_, item) => $(item).text())
      .get(),
  ).toEqual([
    'Caching <without> regret: 1 lesson completed',
    'Certificate of Caching <without> regret',
    '2 notes written',
  ]);
  expect($('#news a').attr('href')).toBe('/lessons/tags');
  expect(parsePage(quiet)('#news').text()).toContain('Nothing yet.');
});

it('sends it now, each week or no more', () => {
  const wanted = (isWeekly: boolean) => parsePage(page(isWeekly))('input[name=wanted]').attr('value');
  expect(parsePage(page(false))('form[action="/digest/send"] button').text()).toBe('Send it now');
  expect(wanted(false)).toBe('yes');
  expect(wanted(true)).toBe('no');
});

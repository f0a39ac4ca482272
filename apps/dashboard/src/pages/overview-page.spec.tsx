import { expect, it } from '@jest/globals';
import type { Certificate } from '@trivet/academy';
import { describePages, hostileUser, parsePage, signedInContext } from '@trivet/ui/testing';
import { OverviewPage, type CourseStanding } from './overview-page.js';

const caching: CourseStanding = {
  course: 'caching',
  title: 'Caching <without> regret',
  completed: 2,
  total: 5,
  percent: 40,
  next: { slug: 'grace-periods', title: 'Grace periods' },
};
const finished: CourseStanding = { course: 'queues', title: 'Queues', completed: 4, total: 4, percent: 100 };

const certificate = (state: Certificate['state']): Certificate => ({
  id: `id-${state}`,
  course: 'caching',
  title: 'Caching <without> regret',
  state,
  requestedAt: new Date('2026-07-14T09:29:00Z'),
  issuedAt: null,
});

const overview = (courses: readonly CourseStanding[], certificates: readonly Certificate[]) => (
  <OverviewPage
    context={signedInContext({ app: 'dashboard', degraded: ['queue'] })}
    courses={courses}
    certificates={certificates}
  />
);
const full = overview(
  [caching, finished],
  [certificate('ready'), certificate('pending'), certificate('failed')],
);
const fresh = overview([{ ...caching, completed: 0 }], []);

describePages({ overview: full, 'overview of a newcomer': fresh });

it('greets by name, whatever the name', () => {
  expect(parsePage(full)('h1').text()).toBe(`Hello, ${hostileUser.name}`);
});

it('shows how far each course is and where it goes on', () => {
  const $ = parsePage(full);
  const bar = $('progress').first();
  expect([bar.attr('aria-label'), bar.attr('value'), bar.attr('max')]).toEqual([caching.title, '2', '5']);
  expect($('#progress').text()).toContain('Continue with Grace periods');
  expect($('a[href="http://learn.trivet.localhost:3002/lessons/grace-periods"]')).toHaveLength(1);
  expect($('main').text()).toContain('You have completed 6 of 9 lessons.');
});

it('offers the file of a ready certificate and the page of the others', () => {
  const $ = parsePage(full);
  const links = $('#certificates td a').map((_, a) => $(a).attr('href'));
  expect(links.get()).toEqual([
    '/api/certificates/id-ready/file',
    'http://learn.trivet.localhost:3002/certificates/id-pending',
    'http://learn.trivet.localhost:3002/certificates/id-failed',
  ]);
});

it('tells a newcomer how to begin', () => {
  const text = parsePage(fresh)('main').text();
  expect(text).toContain('Your first lesson is waiting.');
  expect(text).toContain('Start with Grace periods');
  expect(text).toContain('No certificate yet');
});

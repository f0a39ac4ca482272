import { expect, it } from '@jest/globals';
import type { Certificate, Course } from '@trivet/academy';
import { describePages, guestContext, parsePage, signedInContext } from '@trivet/ui/testing';
import { CoursesPage } from './courses-page.js';

const courses: readonly Course[] = [
  {
    slug: 'caching',
    title: 'Caching <without> regret',
    summary: 'Fast & honest.',
    lessons: [
      { slug: 'stale', title: 'Hit, miss, stale' },
      { slug: 'tags', title: 'Invalidation by <tags>' },
    ],
  },
  {
    slug: 'queues',
    title: 'Queues',
    summary: 'Nothing lost.',
    lessons: [{ slug: 'outbox', title: 'The outbox' }],
  },
];

const certificate = (state: Certificate['state']): Certificate => ({
  id: '0197f3c2',
  course: 'caching',
  title: 'Caching',
  state,
  requestedAt: new Date('2026-07-14T09:29:00Z'),
  issuedAt: null,
});

const forReader = (certificates: readonly Certificate[] = []) => (
  <CoursesPage
    context={signedInContext()}
    courses={courses}
    completed={['stale', 'elsewhere']}
    certificates={certificates}
  />
);
const forGuest = <CoursesPage context={guestContext()} courses={courses} completed={[]} certificates={[]} />;

describePages({
  'the courses of a guest': forGuest,
  'the courses of a reader': forReader([certificate('ready')]),
});

it('lets a guest read everything and sign in to keep progress', () => {
  const $ = parsePage(forGuest);
  expect($('.lessons a')).toHaveLength(3);
  expect($('progress, form')).toHaveLength(0);
  expect($('main .alert a').attr('href')).toMatch(
    /^http:\/\/dashboard\.trivet\.localhost:3001\/login\?return_to=/,
  );
});

it('counts only lessons of the course as its progress', () => {
  const $ = parsePage(forReader());
  const done = $('progress').map((_, bar) => `${$(bar).attr('value')} of ${$(bar).attr('max')}`);
  expect(done.get()).toEqual(['1 of 2', '0 of 1']);
});

it('says of a completed lesson that it is', () => {
  const $ = parsePage(forReader());
  expect($('a[href="/lessons/stale"]').text()).toBe('Hit, miss, stale (completed)');
  expect($('a[href="/lessons/tags"]').text()).toBe('Invalidation by <tags>');
});

it('asks for a certificate once, and again only after a failure', () => {
  const asks = (...certificates: readonly Certificate[]) => {
    const $ = parsePage(forReader(certificates));
    const slugs = $('form[action="/certificates"] input[name=course]').map((_, input) =>
      $(input).attr('value'),
    );
    return slugs.get();
  };
  expect(asks()).toEqual(['caching', 'queues']);
  expect(asks(certificate('pending'))).toEqual(['queues']);
  expect(asks(certificate('ready'))).toEqual(['queues']);
  expect(asks(certificate('failed'))).toEqual(['caching', 'queues']);
});

it('can be entered at a course', () => {
  expect(parsePage(forGuest)('section#queues h2').text()).toBe('Queues');
});

import { expect, it } from '@jest/globals';
import { describePages, hostileUser, parsePage, signedInContext } from '@trivet/ui/testing';
import { LessonEditPage } from './lesson-edit-page.js';
import { LessonsAdminPage } from './lessons-admin-page.js';

const user = { ...hostileUser, roles: ['learner', 'operator'] };
const context = signedInContext({ app: 'dashboard', path: '/lessons', user });
const markdown = '## Evidence\n\n</textarea><script>alert(1)</script>';

const list = (
  <LessonsAdminPage
    context={context}
    courses={[
      {
        slug: 'caching',
        title: 'Caching',
        summary: 'How to cache.',
        lessons: [{ slug: 'grace-periods', title: 'Grace <periods>' }],
      },
    ]}
  />
);
const edit = (errors?: { readonly title: string }) => (
  <LessonEditPage
    context={context}
    lesson={{ slug: 'grace-periods', title: 'Grace "periods"', markdown }}
    errors={errors}
  />
);

describePages({
  'the list of lessons': list,
  'a lesson': edit(),
  'a refused lesson': edit({ title: 'Missing.' }),
});

it('leads from the list to each lesson', () => {
  const link = parsePage(list)('main .lessons a');
  expect([link.attr('href'), link.text()]).toEqual(['/lessons/grace-periods', 'Grace <periods>']);
});

it('sends title and text back to the lesson, as they are', () => {
  const $ = parsePage(edit());
  expect($('main form').attr('action')).toBe('/lessons/grace-periods');
  expect($('input[name=title]').attr('value')).toBe('Grace "periods"');
  expect($('textarea[name=markdown]').text()).toBe(markdown);
});

it('keeps what was typed when it is refused', () => {
  const $ = parsePage(edit({ title: 'Missing.' }));
  expect($('#title-error').text()).toBe('Missing.');
  expect($('textarea[name=markdown]').text()).toBe(markdown);
});

it('leads to the lesson as its readers see it', () => {
  const $ = parsePage(edit());
  expect($('main a.button').attr('href')).toBe('http://learn.trivet.localhost:3002/lessons/grace-periods');
});

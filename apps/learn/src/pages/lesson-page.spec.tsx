import { expect, it } from '@jest/globals';
import { describePages, guestContext, parsePage, signedInContext } from '@trivet/ui/testing';
import { LessonPage, type LessonPageProps } from './lesson-page.js';

const lesson = {
  slug: 'tags',
  course: 'caching',
  title: 'Invalidation by <tags>',
  html: [
    '<p>A <strong>tag</strong> names many keys.</p>',
    '<h2>Try it</h2>',
    `<pre><code>${'await cache.deleteByTag("lesson"); '.repeat(8)}</code></pre>`,
    `<table><thead><tr>${'<th>Heading</th>'.repeat(12)}</tr></thead><tbody><tr>${'<td>1</td>'.repeat(12)}</tr></tbody></table>`,
  ].join('\n'),
};

const lessonPage = (props: Partial<LessonPageProps> = {}) => (
  <LessonPage
    context={signedInContext({ path: '/lessons/tags' })}
    course={{
      slug: 'caching',
      title: 'Caching',
      summary: 'Fast.',
      lessons: [{ slug: 'stale', title: 'Stale' }, lesson, { slug: 'grace', title: 'Grace' }],
    }}
    lesson={lesson}
    completed={['stale']}
    notes={[{ jobId: 'a', text: '<b>mine</b>', at: new Date('2026-07-14T09:26:00Z') }]}
    {...props}
  />
);
const forGuest = lessonPage({ context: guestContext({ path: '/lessons/tags' }), completed: [], notes: [] });

describePages({
  'the lesson of a guest': forGuest,
  'the lesson of a reader': lessonPage(),
  'a completed lesson with a refused note': lessonPage({
    completed: ['tags'],
    notes: [],
    noteError: 'Empty.',
  }),
});

it('shows the lesson as it comes, and escapes everything else', () => {
  const $ = parsePage(lessonPage());
  expect($('.prose strong').text()).toBe('tag');
  expect($('h1').text()).toBe('Invalidation by <tags>');
  expect($('.notes li p').first().text()).toBe('<b>mine</b>');
});

it('lets a keyboard scroll what is wider than the page', () => {
  const $ = parsePage(lessonPage());
  expect($('.prose pre[tabindex=0] code')).toHaveLength(1);
  expect($('.prose .scroll[tabindex=0] > table td')).toHaveLength(12);
});

it('is completed by a form, once', () => {
  const form = (page: typeof forGuest) => parsePage(page)('form[action="/lessons/tags/complete"]').length;
  expect([form(lessonPage()), form(lessonPage({ completed: ['tags'] })), form(forGuest)]).toEqual([1, 0, 0]);
});

it('leads to the lessons before and after', () => {
  const $ = parsePage(lessonPage());
  expect([$('[rel=prev]').attr('href'), $('[rel=next]').attr('href')]).toEqual([
    '/lessons/stale',
    '/lessons/grace',
  ]);
});

it('begins and ends with the course', () => {
  const neighbours = (slug: string) => {
    const $ = parsePage(lessonPage({ lesson: { ...lesson, slug } }));
    return [$('[rel=prev]').length, $('[rel=next]').length];
  };
  expect([neighbours('stale'), neighbours('grace')]).toEqual([
    [0, 1],
    [1, 0],
  ]);
});

it('comes back to this lesson after a note', () => {
  const form = parsePage(lessonPage())('form[action="/notes"]');
  expect(form.find('input[name=return_to]').attr('value')).toBe('/lessons/tags');
  expect(form.find('textarea').attr('name')).toBe('text');
});

it('asks for the certificate of its course', () => {
  const $ = parsePage(lessonPage());
  expect($('form[action="/certificates"] input[name=course]').attr('value')).toBe('caching');
});

it('shows a guest no form, but the way to sign in and back', () => {
  const $ = parsePage(forGuest);
  expect($('form')).toHaveLength(0);
  const url = new URL($('article .alert a').attr('href') ?? '');
  expect(url.searchParams.get('return_to')).toBe('http://learn.trivet.localhost:3002/lessons/tags');
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { seedCourses } from '../seeds/seed-courses.js';
import { Courses } from './courses.js';

let academy: AcademyFixture;
let courses: Courses;

beforeAll(async () => {
  academy = await startAcademy();
  await seedCourses(academy.database);
  courses = new Courses(academy.database, academy.clock);
});

afterAll(async () => {
  await academy.stop();
});

it('lists courses with their lessons, in order', async () => {
  const list = await courses.list();
  expect(list.map(({ slug }) => slug)).toEqual([
    'redis-in-production',
    'queues-that-keep-promises',
    'kubernetes-node-upgrades',
  ]);
  expect(list[0]?.lessons[0]).toEqual({
    slug: 'three-kinds-of-data',
    title: 'Three kinds of data, three servers',
  });
  expect(list.map(({ lessons }) => lessons.length)).toEqual([5, 5, 5]);
});

it('renders a lesson', async () => {
  const lesson = await courses.lesson('three-kinds-of-data');
  expect(lesson).toMatchObject({ slug: 'three-kinds-of-data', course: 'redis-in-production' });
  expect(lesson.html).toContain('<h2>Ask what a loss would mean</h2>');
  expect(lesson.html).toContain('<table>');
});

it('shows an edit at once, sanitised', async () => {
  const edit = { title: 'New title', markdown: 'Hello <script>alert(1)</script>*world*' };
  const lesson = { slug: 'memory-and-eviction', course: 'redis-in-production', title: 'New title' };
  const updated = await courses.updateLesson('memory-and-eviction', edit);
  expect(updated).toEqual({ ...lesson, html: '<p>Hello <em>world</em></p>\n' });
  expect(await courses.lesson('memory-and-eviction')).toEqual(updated);
  expect(await courses.lessonSource('memory-and-eviction')).toEqual(edit);
});

it('knows what it does not have', async () => {
  await expect(courses.lesson('nonsense')).rejects.toMatchObject({ code: 'LESSON_NOT_FOUND' });
  const edit = courses.updateLesson('nonsense', { title: 'x', markdown: 'x' });
  await expect(edit).rejects.toMatchObject({ code: 'LESSON_NOT_FOUND' });
});

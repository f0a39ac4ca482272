import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { users } from '../academy.schema.js';
import { seedCourses } from '../seeds/seed-courses.js';
import { Progress } from './progress.js';

let academy: AcademyFixture;
let progress: Progress;
const ada = randomUUID();

beforeAll(async () => {
  academy = await startAcademy();
  await seedCourses(academy.database);
  const person = { id: ada, name: 'Ada', email: 'ada@example.org', passwordHash: '', roles: [] };
  await academy.database.insert(users).values(person);
  progress = new Progress(academy.database, academy.clock);
});

afterAll(async () => {
  await academy.stop();
});

const course = { course: 'redis-in-production', title: 'Redis in production', total: 5 };

it('counts a completed lesson once', async () => {
  expect(await progress.complete(ada, 'three-kinds-of-data')).toEqual({
    ...course,
    completed: 1,
    percent: 20,
  });
  expect(await progress.complete(ada, 'three-kinds-of-data')).toEqual({
    ...course,
    completed: 1,
    percent: 20,
  });
  expect(await progress.complete(ada, 'snapshots-and-logs')).toEqual({
    ...course,
    completed: 2,
    percent: 40,
  });
  expect((await progress.completedLessons(ada)).sort()).toEqual([
    'snapshots-and-logs',
    'three-kinds-of-data',
  ]);
});

it('sums up every course, those not begun too', async () => {
  const summary = await progress.summary(ada);
  expect(summary.map(({ percent }) => percent)).toEqual([40, 0, 0]);
  expect(summary[0]).toEqual({ ...course, completed: 2, percent: 40 });
});

it('completes no lesson that does not exist', async () => {
  await expect(progress.complete(ada, 'nonsense')).rejects.toMatchObject({ code: 'LESSON_NOT_FOUND' });
});

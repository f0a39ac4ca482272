import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runMigrations } from '@trivet/database';
import { count } from 'drizzle-orm';
import { academyMigrations } from '../academy.migrations.js';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { lessons, users } from '../academy.schema.js';
import { verifyPassword } from '../accounts/passwords.js';
import { Courses } from '../courses/courses.js';
import { readCourses } from './lesson-files.js';
import { seedCourses } from './seed-courses.js';
import { hasDemoAccounts, seedDemoAccounts } from './seed-demo-accounts.js';

let academy: AcademyFixture;

beforeAll(async () => {
  academy = await startAcademy();
});

afterAll(async () => {
  await academy.stop();
});

it('migrates again, and at the same time, without harm', async () => {
  const runs = Array.from({ length: 3 }, () => runMigrations(academy.url, [academyMigrations]));
  await expect(Promise.all(runs)).resolves.toHaveLength(3);
});

it('ships lessons worth reading', async () => {
  const all = (await readCourses()).flatMap((course) => course.lessons);
  expect(all).toHaveLength(15);
  for (const { markdown } of all) {
    expect(markdown.split(/\s+/).length).toBeGreaterThan(250);
    expect(markdown).toMatch(/^## /m);
    expect(markdown).toMatch(/^\| -+ \|/m);
    expect(markdown).toMatch(/^```\w+$/m);
  }
});

it('seeds courses again without touching what an operator has edited', async () => {
  await seedCourses(academy.database);
  const courses = new Courses(academy.database, academy.clock);
  await courses.updateLesson('three-kinds-of-data', { title: 'Mine', markdown: 'My text' });
  await seedCourses(academy.database);
  expect((await courses.lesson('three-kinds-of-data')).html).toBe('<p>My text</p>\n');
  expect(await academy.database.select({ n: count() }).from(lessons)).toEqual([{ n: 15 }]);
});

it('seeds the demo accounts once, and says that they are there', async () => {
  expect(await hasDemoAccounts(academy.database)).toBe(false);
  await seedDemoAccounts(academy.database);
  await seedDemoAccounts(academy.database);
  expect(await hasDemoAccounts(academy.database)).toBe(true);
  const rows = await academy.database.select().from(users);
  expect(rows).toHaveLength(53);
  const operators = rows.filter(({ roles }) => roles.includes('operator')).map(({ email }) => email);
  expect(operators).toEqual(['root@trivet.localhost']);
  expect(await verifyPassword('correct horse', rows[0]?.passwordHash)).toBe(true);
});

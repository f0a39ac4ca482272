import type { Database } from '@trivet/database';
import { courses, lessons } from '../academy.schema.js';
import { readCourses } from './lesson-files.js';

/** Adds the courses and lessons this library ships. What is there already, perhaps edited, stays as it is. */
export async function seedCourses(database: Database): Promise<void> {
  const folders = await readCourses();
  await database.transaction(async (tx) => {
    await tx
      .insert(courses)
      .values(folders.map(({ slug, title, summary }, position) => ({ slug, title, summary, position })))
      .onConflictDoNothing();
    const rows = folders.flatMap((course) =>
      course.lessons.map((lesson, position) => ({ ...lesson, courseSlug: course.slug, position })),
    );
    await tx.insert(lessons).values(rows).onConflictDoNothing();
  });
}

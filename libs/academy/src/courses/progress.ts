import { Injectable } from '@nestjs/common';
import { Database } from '@trivet/database';
import { and, asc, count, eq } from 'drizzle-orm';
import { courses, lessons, progress } from '../academy.schema.js';
import { Clock } from '../clock.js';
import { LessonNotFoundError } from './courses.errors.js';

/** How far a person is in a course. */
export interface CourseProgress {
  /** Slug of the course. */
  readonly course: string;
  readonly title: string;
  readonly completed: number;
  readonly total: number;
  /** 0 to 100, rounded down: 100 means all of it. */
  readonly percent: number;
}

/** Which lessons people have completed. */
@Injectable()
export class Progress {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Marks a lesson as completed, however often it is called. @throws LessonNotFoundError */
  async complete(userId: string, lessonSlug: string): Promise<CourseProgress> {
    const [lesson] = await this.database
      .select({ course: lessons.courseSlug })
      .from(lessons)
      .where(eq(lessons.slug, lessonSlug));
    if (!lesson) throw new LessonNotFoundError();
    await this.database
      .insert(progress)
      .values({ userId, lessonSlug, completedAt: this.clock.now() })
      .onConflictDoNothing();
    const [summary] = await this.#count(userId, lesson.course);
    if (!summary) throw new LessonNotFoundError();
    return summary;
  }

  /** One entry per course, in the courses' order. */
  async summary(userId: string): Promise<CourseProgress[]> {
    return this.#count(userId);
  }

  /** Slugs of the lessons a person has completed. */
  async completedLessons(userId: string): Promise<string[]> {
    const rows = await this.database
      .select({ slug: progress.lessonSlug })
      .from(progress)
      .where(eq(progress.userId, userId));
    return rows.map((row) => row.slug);
  }

  async #count(userId: string, course?: string): Promise<CourseProgress[]> {
    const rows = await this.database
      .select({
        course: courses.slug,
        title: courses.title,
        completed: count(progress.lessonSlug),
        total: count(lessons.slug),
      })
      .from(courses)
      .innerJoin(lessons, eq(lessons.courseSlug, courses.slug))
      .leftJoin(progress, and(eq(progress.lessonSlug, lessons.slug), eq(progress.userId, userId)))
      .where(course === undefined ? undefined : eq(courses.slug, course))
      .groupBy(courses.slug)
      .orderBy(asc(courses.position));
    return rows.map((row) => ({ ...row, percent: Math.floor((100 * row.completed) / row.total) }));
  }
}

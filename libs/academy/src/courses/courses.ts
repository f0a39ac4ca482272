import { Injectable } from '@nestjs/common';
import { Database } from '@trivet/database';
import { asc, eq } from 'drizzle-orm';
import { courses, lessons } from '../academy.schema.js';
import { Clock } from '../clock.js';
import { LessonNotFoundError } from './courses.errors.js';
import { renderLesson } from './lesson-html.js';

/** A course and the way through it. */
export interface Course {
  readonly slug: string;
  readonly title: string;
  /** One or two sentences. */
  readonly summary: string;
  readonly lessons: readonly { readonly slug: string; readonly title: string }[];
}

/** A lesson to read. */
export interface Lesson {
  readonly slug: string;
  /** Slug of its course. */
  readonly course: string;
  readonly title: string;
  /** Sanitised. */
  readonly html: string;
}

/** What an operator may change of a lesson. */
export interface LessonEdit {
  readonly title: string;
  /** GitHub's dialect; raw HTML in it is sanitised when it is read. */
  readonly markdown: string;
}

type LessonRow = typeof lessons.$inferSelect;

/** What there is to learn. */
@Injectable()
export class Courses {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** All courses with their lessons, in order. */
  async list(): Promise<Course[]> {
    const rows = await this.database
      .select({ slug: lessons.slug, title: lessons.title, course: lessons.courseSlug })
      .from(lessons)
      .orderBy(asc(lessons.position));
    const all = await this.database.select().from(courses).orderBy(asc(courses.position));
    return all.map(({ slug, title, summary }) => ({
      slug,
      title,
      summary,
      lessons: rows.filter((row) => row.course === slug).map((row) => ({ slug: row.slug, title: row.title })),
    }));
  }

  /** @throws LessonNotFoundError */
  async lesson(slug: string): Promise<Lesson> {
    return toLesson(await this.#find(slug));
  }

  /** What an operator edits. @throws LessonNotFoundError */
  async lessonSource(slug: string): Promise<LessonEdit> {
    const { title, markdown } = await this.#find(slug);
    return { title, markdown };
  }

  /** An operator's edit. @throws LessonNotFoundError */
  async updateLesson(slug: string, { title, markdown }: LessonEdit): Promise<Lesson> {
    const [row] = await this.database
      .update(lessons)
      .set({ title, markdown, updatedAt: this.clock.now() })
      .where(eq(lessons.slug, slug))
      .returning();
    if (!row) throw new LessonNotFoundError();
    return toLesson(row);
  }

  async #find(slug: string): Promise<LessonRow> {
    const [row] = await this.database.select().from(lessons).where(eq(lessons.slug, slug));
    if (!row) throw new LessonNotFoundError();
    return row;
  }
}

function toLesson(row: LessonRow): Lesson {
  return { slug: row.slug, course: row.courseSlug, title: row.title, html: renderLesson(row.markdown) };
}

import { Injectable } from '@nestjs/common';
import { Database, type DatabaseExecutor } from '@trivet/database';
import { and, asc, count, eq, gte, isNull, lt, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { certificates, courses, digestReaders, lessons, notes, progress, users } from '../academy.schema.js';

/** What a digest looks back on: from its start up to, but not at, its end. */
export interface Period {
  readonly from: Date;
  readonly until: Date;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** The seven days up to then. */
export const weekUntil = (until: Date): Period => ({ from: new Date(until.getTime() - WEEK_MS), until });

/** A person's standing and what they have done in a period. */
export interface Digest {
  readonly name: string;
  readonly email: string;
  readonly period: Period;
  readonly courses: readonly {
    readonly title: string;
    readonly completed: number;
    readonly total: number;
    /** Lessons completed within the period. */
    readonly lately: number;
  }[];
  /** Titles of courses whose certificate was issued within the period. */
  readonly certificates: readonly string[];
  /** Notes written within the period. */
  readonly notes: number;
  /** The first lesson that is not completed yet. */
  readonly next: { readonly slug: string; readonly title: string } | undefined;
}

/** What a person's digest tells, and who wants one each week. */
@Injectable()
export class Digests {
  constructor(private readonly database: Database) {}

  /** Undefined when there is no such person (any more). */
  async read(
    userId: string,
    period: Period,
    executor: DatabaseExecutor = this.database,
  ): Promise<Digest | undefined> {
    const [person] = await executor
      .select({ name: users.name, email: users.email })
      .from(users)
      .where(eq(users.id, userId));
    if (!person) return undefined;
    return {
      ...person,
      period,
      courses: await coursesOf(userId, period, executor),
      certificates: await certificatesOf(userId, period, executor),
      notes: await notesOf(userId, period, executor),
      next: await nextLessonOf(userId, executor),
    };
  }

  async isWeeklyReader(userId: string): Promise<boolean> {
    const rows = await this.database
      .select({ id: digestReaders.userId })
      .from(digestReaders)
      .where(eq(digestReaders.userId, userId));
    return rows.length > 0;
  }

  async setWeeklyReader(userId: string, wanted: boolean): Promise<void> {
    if (wanted) await this.database.insert(digestReaders).values({ userId }).onConflictDoNothing();
    else await this.database.delete(digestReaders).where(eq(digestReaders.userId, userId));
  }

  /** Ids of everybody who wants a digest each week. */
  async weeklyReaders(executor: DatabaseExecutor = this.database): Promise<string[]> {
    const rows = await executor.select({ userId: digestReaders.userId }).from(digestReaders);
    return rows.map(({ userId }) => userId);
  }
}

const within = (at: PgColumn, { from, until }: Period) => and(gte(at, from), lt(at, until));

function coursesOf(userId: string, period: Period, executor: DatabaseExecutor) {
  return executor
    .select({
      title: courses.title,
      completed: count(progress.lessonSlug),
      total: count(lessons.slug),
      lately: sql`count(*) filter (where ${within(progress.completedAt, period)})`.mapWith(Number),
    })
    .from(courses)
    .innerJoin(lessons, eq(lessons.courseSlug, courses.slug))
    .leftJoin(progress, and(eq(progress.lessonSlug, lessons.slug), eq(progress.userId, userId)))
    .groupBy(courses.slug)
    .orderBy(asc(courses.position));
}

async function certificatesOf(userId: string, period: Period, executor: DatabaseExecutor) {
  const rows = await executor
    .select({ title: courses.title })
    .from(certificates)
    .innerJoin(courses, eq(courses.slug, certificates.courseSlug))
    .where(and(eq(certificates.userId, userId), within(certificates.issuedAt, period)))
    .orderBy(asc(certificates.issuedAt));
  return rows.map(({ title }) => title);
}

async function notesOf(userId: string, period: Period, executor: DatabaseExecutor) {
  const [row] = await executor
    .select({ notes: count() })
    .from(notes)
    .where(and(eq(notes.userId, userId), within(notes.at, period)));
  return row?.notes ?? 0;
}

async function nextLessonOf(userId: string, executor: DatabaseExecutor) {
  const [lesson] = await executor
    .select({ slug: lessons.slug, title: lessons.title })
    .from(lessons)
    .innerJoin(courses, eq(courses.slug, lessons.courseSlug))
    .leftJoin(progress, and(eq(progress.lessonSlug, lessons.slug), eq(progress.userId, userId)))
    .where(isNull(progress.lessonSlug))
    .orderBy(asc(courses.position), asc(lessons.position))
    .limit(1);
  return lesson;
}

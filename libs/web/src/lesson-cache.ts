import { Injectable } from '@nestjs/common';
import { Courses, Progress, type Course, type CourseProgress, type Lesson } from '@trivet/academy';
import { Cache, type CacheLookup } from '@trivet/cache';

/** Tag of whatever shows the list of courses. */
export const coursesTag = 'courses';

/** Tag of whatever shows a lesson. */
export const lessonTag = (slug: string): string => `lesson:${slug}`;

const progressTag = (userId: string) => `progress:${userId}`;

const minute = 60;

/** How far a person is. */
export interface Standing {
  readonly courses: readonly CourseProgress[];
  /** Slugs of completed lessons. */
  readonly completed: readonly string[];
}

/** What readers read, cached: the same for everybody but for the progress, which is kept for each. */
@Injectable()
export class LessonCache {
  constructor(
    private readonly cache: Cache,
    private readonly source: Courses,
    private readonly progress: Progress,
  ) {}

  courses(): Promise<CacheLookup<Course[]>> {
    return this.cache.lookUp('courses', () => this.source.list(), {
      ttlSeconds: 10 * minute,
      tags: [coursesTag],
    });
  }

  /** @throws LessonNotFoundError, which is not cached */
  lesson(slug: string): Promise<CacheLookup<Lesson>> {
    return this.cache.lookUp(`lesson:${slug}`, () => this.source.lesson(slug), {
      ttlSeconds: 10 * minute,
      tags: [lessonTag(slug)],
    });
  }

  /** How far a person is, in each course and lesson by lesson. */
  standingOf(userId: string): Promise<Standing> {
    return this.cache.getOrSet(`progress:${userId}`, () => this.#standing(userId), {
      ttlSeconds: minute,
      tags: [progressTag(userId)],
    });
  }

  /** A lesson was edited: every process shows it anew, also in the list of courses. */
  async evict(slug: string): Promise<void> {
    await this.cache.deleteByTag(lessonTag(slug), coursesTag);
  }

  /** A person completed something. */
  async evictStanding(userId: string): Promise<void> {
    await this.cache.deleteByTag(progressTag(userId));
  }

  async #standing(userId: string): Promise<Standing> {
    const [courses, completed] = await Promise.all([
      this.progress.summary(userId),
      this.progress.completedLessons(userId),
    ]);
    return { courses, completed };
  }
}

import { CACHE_MANAGER, type Cache } from '@nestjs/cache-manager';
import { Inject, Injectable } from '@nestjs/common';
import { Courses, Progress, type Course, type Lesson } from '@trivet/academy';

/** A cached value, and whether it came from the cache. */
export interface Cached<T> {
  readonly value: T;
  readonly outcome: 'hit' | 'miss';
}

/** What both apps cache: courses, lessons, and how far each person is. */
@Injectable()
export class LessonCache {
  constructor(
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
    private readonly source: Courses,
    private readonly progress: Progress,
  ) {}

  courses(): Promise<Cached<Course[]>> {
    return this.#wrap('courses', () => this.source.list());
  }

  /** @throws LessonNotFoundError */
  lesson(slug: string): Promise<Cached<Lesson>> {
    return this.#wrap(`lesson:${slug}`, () => this.source.lesson(slug));
  }

  /** Slugs of the lessons that a person has completed. */
  async completed(userId: string): Promise<string[]> {
    return (await this.#wrap(`completed:${userId}`, () => this.progress.completedLessons(userId))).value;
  }

  async evictCompleted(userId: string): Promise<void> {
    await this.cache.del(`completed:${userId}`);
  }

  async evict(slug: string): Promise<void> {
    await this.cache.del(`lesson:${slug}`);
    await this.cache.del('courses');
  }

  async #wrap<T>(key: string, load: () => Promise<T>): Promise<Cached<T>> {
    let outcome: Cached<T>['outcome'] = 'hit';
    const value = await this.cache.wrap(key, () => {
      outcome = 'miss';
      return load();
    });
    return { value, outcome };
  }
}

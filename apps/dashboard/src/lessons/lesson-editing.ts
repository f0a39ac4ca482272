import { Injectable } from '@nestjs/common';
import { Courses, type Lesson, type LessonEdit } from '@trivet/academy';
import { LessonCache } from '@trivet/web';

/** Edits lessons where they are kept, and where they are cached. */
@Injectable()
export class LessonEditing {
  constructor(
    private readonly courses: Courses,
    private readonly cache: LessonCache,
  ) {}

  /** @throws LessonNotFoundError */
  async save(slug: string, edit: LessonEdit): Promise<Lesson> {
    const lesson = await this.courses.updateLesson(slug, edit);
    await this.cache.evict(slug);
    return lesson;
  }
}

import { Injectable } from '@nestjs/common';
import { Progress, type CourseProgress } from '@trivet/academy';
import { LessonCache, type Visitor } from '@trivet/web';
import type { Request } from 'express';

declare module 'express-session' {
  interface SessionData {
    /** Slug of the lesson completed last; a convenience that an outage may lose. */
    lastCompleted?: string;
  }
}

/** Completes lessons: in the database, in the session and in the cache. */
@Injectable()
export class Completion {
  constructor(
    private readonly progress: Progress,
    private readonly lessons: LessonCache,
  ) {}

  /** @throws LessonNotFoundError */
  async complete(request: Request, { account }: Visitor, slug: string): Promise<CourseProgress> {
    const progress = await this.progress.complete(account.id, slug);
    request.session.lastCompleted = slug;
    await this.lessons.evictStanding(account.id);
    return progress;
  }
}

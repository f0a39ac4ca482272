import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { Certificates, LessonNotFoundError, Notes } from '@trivet/academy';
import {
  CurrentVisitor,
  LessonCache,
  Pages,
  SignedIn,
  Visitors,
  withNotice,
  type Visitor,
} from '@trivet/web';
import type { Request, Response } from 'express';
import { CoursesPage } from '../pages/courses-page.js';
import { LessonPage } from '../pages/lesson-page.js';
import { Completion } from './completion.js';

const notesShown = 20;

/** Courses and lessons, for people; anybody may read them. */
@Controller()
export class LessonsPages {
  constructor(
    private readonly lessons: LessonCache,
    private readonly certificates: Certificates,
    private readonly notes: Notes,
    private readonly visitors: Visitors,
    private readonly pages: Pages,
    private readonly completion: Completion,
  ) {}

  @Get()
  async courses(@Req() request: Request, @Res() response: Response) {
    const [{ value: courses }, own] = await Promise.all([this.lessons.courses(), this.#own(request)]);
    const context = await this.pages.context(request);
    const { completed, certificates } = own;
    const page = (
      <CoursesPage context={context} courses={courses} completed={completed} certificates={certificates} />
    );
    this.pages.send(response, page);
  }

  @Get('lessons/:slug')
  async lesson(@Req() request: Request, @Res() response: Response, @Param('slug') slug: string) {
    const [{ value: lesson }, { value: courses }, own] = await Promise.all([
      this.lessons.lesson(slug),
      this.lessons.courses(),
      this.#own(request),
    ]);
    const course = courses.find((candidate) => candidate.slug === lesson.course);
    if (!course) throw new LessonNotFoundError();
    const certificate = own.certificates.find((candidate) => candidate.course === course.slug);
    const page = (
      <LessonPage
        context={await this.pages.context(request)}
        course={course}
        lesson={lesson}
        completed={own.completed}
        notes={own.notes}
        {...(certificate ? { certificate } : {})}
      />
    );
    this.pages.send(response, page);
  }

  @SignedIn()
  @Post('lessons/:slug/complete')
  async complete(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Param('slug') slug: string,
  ) {
    await this.completion.complete(request, visitor, slug);
    response.redirect(303, withNotice(`/lessons/${slug}`, 'lesson-completed'));
  }

  /** What belongs to the reader alone; nothing for a guest. */
  async #own(request: Request) {
    const visitor = await this.visitors.of(request);
    if (!visitor) return { completed: [], certificates: [], notes: [] };
    const { id } = visitor.account;
    const [{ completed }, certificates, notes] = await Promise.all([
      this.lessons.standingOf(id),
      this.certificates.list(id),
      this.notes.list(id, notesShown),
    ]);
    return { completed, certificates, notes };
  }
}

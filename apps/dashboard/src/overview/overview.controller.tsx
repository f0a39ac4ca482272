import { Controller, Get, Req, Res } from '@nestjs/common';
import { Certificates } from '@trivet/academy';
import { CurrentVisitor, LessonCache, Pages, SignedIn, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { OverviewPage, type CourseStanding } from '../pages/overview-page.js';

/** The first page: progress and certificates. */
@SignedIn()
@Controller()
export class OverviewController {
  constructor(
    private readonly lessons: LessonCache,
    private readonly certificates: Certificates,
    private readonly pages: Pages,
  ) {}

  @Get()
  async page(@Req() request: Request, @Res() response: Response, @CurrentVisitor() visitor: Visitor) {
    const [standings, certificates] = await Promise.all([
      this.#standings(visitor.account.id),
      this.certificates.list(visitor.account.id),
    ]);
    const context = this.pages.signedInContext(request, visitor);
    this.pages.send(
      response,
      <OverviewPage context={context} courses={standings} certificates={certificates} />,
    );
  }

  async #standings(userId: string): Promise<CourseStanding[]> {
    const [{ value: courses }, standing] = await Promise.all([
      this.lessons.courses(),
      this.lessons.standingOf(userId),
    ]);
    return standing.courses.map((course) => {
      const lessons = courses.find(({ slug }) => slug === course.course)?.lessons ?? [];
      const next = lessons.find(({ slug }) => !standing.completed.includes(slug));
      return { ...course, ...(next ? { next } : {}) };
    });
  }
}

import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { Progress, type Account } from '@trivet/academy';
import type { Request, Response } from 'express';
import { CurrentAccount, SignedIn } from '../session/signed-in.js';
import { LessonCache, type Cached } from '../shared/lesson-cache.js';
import { escapeHtml, list, page } from '../shared/page.js';

/** Courses, lessons and progress. */
@Controller()
export class LessonsController {
  constructor(
    private readonly lessons: LessonCache,
    private readonly progress: Progress,
  ) {}

  @Get('api/courses')
  async courses(@Res({ passthrough: true }) response: Response) {
    const courses = shown(await this.lessons.courses(), response);
    return courses.map(({ slug, title, lessons }) => ({ slug, title, lessons }));
  }

  @Get('api/lessons/:slug')
  async lesson(@Param('slug') slug: string, @Res({ passthrough: true }) response: Response) {
    const { title, html } = shown(await this.lessons.lesson(slug), response);
    return { slug, title, html };
  }

  @SignedIn()
  @Post('api/lessons/:slug/complete')
  @HttpCode(200)
  async complete(@Req() request: Request, @CurrentAccount() { id }: Account, @Param('slug') slug: string) {
    const progress = await this.progress.complete(id, slug);
    request.session.lastCompleted = slug;
    return { progress };
  }

  @Get()
  async coursesPage() {
    const { value: courses } = await this.lessons.courses();
    const links = courses
      .flatMap(({ lessons }) => lessons)
      .map(({ slug, title }) => `<a href="/lessons/${slug}">${escapeHtml(title)}</a>`);
    return page('Courses', list(links));
  }

  @Get('lessons/:slug')
  async lessonPage(@Param('slug') slug: string) {
    const { title, html } = (await this.lessons.lesson(slug)).value;
    return page(title, html);
  }
}

function shown<T>({ value, outcome }: Cached<T>, response: Response): T {
  response.setHeader('X-Cache', outcome);
  return value;
}

import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { Accounts, Certificates, Notes, Progress, type Account } from '@trivet/academy';
import type { Request, Response } from 'express';
import { CurrentAccount, SignedIn } from '../session/signed-in.js';
import { LessonCache, type Cached } from '../shared/lesson-cache.js';
import { escapeHtml, list, page } from '../shared/page.js';

const notesShown = 20;

/** Courses, lessons and progress. */
@Controller()
export class LessonsController {
  constructor(
    private readonly lessons: LessonCache,
    private readonly progress: Progress,
    private readonly accounts: Accounts,
    private readonly certificates: Certificates,
    private readonly notes: Notes,
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
    await this.lessons.evictCompleted(id);
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
  async lessonPage(@Req() request: Request, @Param('slug') slug: string) {
    const [{ value: lesson }, { value: courses }, own] = await Promise.all([
      this.lessons.lesson(slug),
      this.lessons.courses(),
      this.#ownPart(request),
    ]);
    const course = courses.find((candidate) => candidate.slug === lesson.course);
    const links = course?.lessons.map((one) => `<a href="/lessons/${one.slug}">${escapeHtml(one.title)}</a>`);
    return page(lesson.title, lesson.html + list(links ?? []) + own);
  }

  /** What Trivet's page shows a signed-in reader: the name, completed lessons, certificates and notes. */
  async #ownPart(request: Request): Promise<string> {
    const { userId } = request.session;
    const account = userId === undefined ? undefined : await this.accounts.findById(userId);
    if (!account) return '';
    const [completed, certificates, notes] = await Promise.all([
      this.lessons.completed(account.id),
      this.certificates.list(account.id),
      this.notes.list(account.id, notesShown),
    ]);
    return [
      `<p>${escapeHtml(account.name)}</p>`,
      list(completed.map(escapeHtml)),
      list(certificates.map(({ title, state }) => escapeHtml(`${title}: ${state}`))),
      list(notes.map(({ text }) => escapeHtml(text))),
    ].join('');
  }
}

function shown<T>({ value, outcome }: Cached<T>, response: Response): T {
  response.setHeader('X-Cache', outcome);
  return value;
}

import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { CacheLookup } from '@trivet/cache';
import { CurrentVisitor, LessonCache, SignedIn, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { Completion } from './completion.js';

/** Courses, lessons and progress, for programs. */
@Controller('api')
export class LessonsController {
  constructor(
    private readonly lessons: LessonCache,
    private readonly completion: Completion,
  ) {}

  @Get('courses')
  async courses(@Res({ passthrough: true }) response: Response) {
    const courses = shown(await this.lessons.courses(), response);
    return courses.map(({ slug, title, lessons }) => ({ slug, title, lessons }));
  }

  @Get('lessons/:slug')
  async lesson(@Param('slug') slug: string, @Res({ passthrough: true }) response: Response) {
    const { title, html } = shown(await this.lessons.lesson(slug), response);
    return { slug, title, html };
  }

  @SignedIn()
  @Post('lessons/:slug/complete')
  @HttpCode(200)
  async complete(@Req() request: Request, @CurrentVisitor() visitor: Visitor, @Param('slug') slug: string) {
    return { progress: await this.completion.complete(request, visitor, slug) };
  }
}

function shown<T>({ value, outcome }: CacheLookup<T>, response: Response): T {
  response.setHeader('X-Cache', outcome);
  return value;
}

import { Controller, Get, Header, HttpCode, Param, Post, Req } from '@nestjs/common';
import { HttpCache, SharedResponse } from '@trivet/cache';
import { coursesTag, CurrentVisitor, LessonCache, lessonTag, SignedIn, type Visitor } from '@trivet/web';
import type { Request } from 'express';
import { Completion } from './completion.js';

const tenMinutes = 600;

/** Browsers keep it and ask whether it still holds, so that they see an edit when everybody does. */
const askEachTime = 'public, max-age=0, must-revalidate';

/** Courses, lessons and progress, for programs. */
@Controller('api')
export class LessonsController {
  constructor(
    private readonly lessons: LessonCache,
    private readonly completion: Completion,
  ) {}

  @SharedResponse()
  @HttpCache({ ttlSeconds: tenMinutes, tags: [coursesTag] })
  @Header('Cache-Control', askEachTime)
  @Get('courses')
  async courses() {
    const { value: courses } = await this.lessons.courses();
    return courses.map(({ slug, title, lessons }) => ({ slug, title, lessons }));
  }

  @SharedResponse()
  @HttpCache({ ttlSeconds: tenMinutes, tags: ({ params }) => [lessonTag(String(params.slug))] })
  @Header('Cache-Control', askEachTime)
  @Get('lessons/:slug')
  async lesson(@Param('slug') slug: string) {
    const { title, html } = (await this.lessons.lesson(slug)).value;
    return { slug, title, html };
  }

  @SignedIn()
  @Post('lessons/:slug/complete')
  @HttpCode(200)
  async complete(@Req() request: Request, @CurrentVisitor() visitor: Visitor, @Param('slug') slug: string) {
    return { progress: await this.completion.complete(request, visitor, slug) };
  }
}

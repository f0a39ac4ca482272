import { Body, Controller, Param, Put } from '@nestjs/common';
import { Courses } from '@trivet/academy';
import { z } from 'zod';
import { OperatorOnly } from '../session/signed-in.js';
import { LessonCache } from '../shared/lesson-cache.js';

const lessonEdit = z.strictObject({
  title: z.string().trim().min(1).max(200),
  markdown: z.string().min(1).max(60_000),
});

@Controller('api/lessons')
export class LessonEditingController {
  constructor(
    private readonly courses: Courses,
    private readonly cache: LessonCache,
  ) {}

  @OperatorOnly()
  @Put(':slug')
  async update(@Param('slug') slug: string, @Body({ schema: lessonEdit }) edit: z.output<typeof lessonEdit>) {
    const { title, html } = await this.courses.updateLesson(slug, edit);
    await this.cache.evict(slug);
    return { slug, title, html };
  }
}

import { Body, Controller, Get, Param, Post, Put, Req, Res } from '@nestjs/common';
import { Courses } from '@trivet/academy';
import { CurrentVisitor, OperatorOnly, Pages, text, withNotice, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { LessonEditPage } from '../pages/lesson-edit-page.js';
import { LessonsAdminPage } from '../pages/lessons-admin-page.js';
import { LessonEditing } from './lesson-editing.js';

const lessonEdit = z.strictObject({
  title: text().trim().min(1).max(200),
  markdown: text().min(1).max(60_000),
});
const lessonForm = z.object({ title: z.string(), markdown: z.string() });
type LessonEdit = z.output<typeof lessonEdit>;

/** Operators edit lessons here; learn shows the edit at once. */
@OperatorOnly()
@Controller()
export class LessonsController {
  constructor(
    private readonly courses: Courses,
    private readonly editing: LessonEditing,
    private readonly pages: Pages,
  ) {}

  @Put('api/lessons/:slug')
  async update(@Param('slug') slug: string, @Body({ schema: lessonEdit }) edit: LessonEdit) {
    const { title, html } = await this.editing.save(slug, edit);
    return { slug, title, html };
  }

  @Get('lessons')
  async list(@Req() request: Request, @Res() response: Response, @CurrentVisitor() visitor: Visitor) {
    const context = this.pages.signedInContext(request, visitor);
    this.pages.send(response, <LessonsAdminPage context={context} courses={await this.courses.list()} />);
  }

  @Get('lessons/:slug')
  async edit(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Param('slug') slug: string,
  ) {
    const lesson = { slug, ...(await this.courses.lessonSource(slug)) };
    this.pages.send(
      response,
      <LessonEditPage context={this.pages.signedInContext(request, visitor)} lesson={lesson} />,
    );
  }

  @Post('lessons/:slug')
  async save(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Param('slug') slug: string,
    @Body({ schema: lessonForm }) form: z.output<typeof lessonForm>,
  ) {
    const edit = lessonEdit.safeParse(form);
    if (edit.success) {
      await this.editing.save(slug, edit.data);
      return response.redirect(303, withNotice(`/lessons/${slug}`, 'lesson-saved'));
    }
    const { fieldErrors } = z.flattenError(edit.error);
    const [title, markdown] = [fieldErrors.title?.[0], fieldErrors.markdown?.[0]];
    const errors = { ...(title ? { title } : {}), ...(markdown ? { markdown } : {}) };
    const context = this.pages.signedInContext(request, visitor);
    this.pages.send(
      response,
      <LessonEditPage context={context} lesson={{ slug, ...form }} errors={errors} />,
      400,
    );
  }
}

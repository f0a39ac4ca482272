import { Body, Controller, Post, Res } from '@nestjs/common';
import { CurrentVisitor, safePath, SignedIn, text, withNotice, type Visitor } from '@trivet/web';
import type { Response } from 'express';
import { z } from 'zod';
import { NoteTaking } from './note-taking.js';

const noteForm = z.strictObject({
  text: text().trim().min(1).max(2000),
  return_to: z.string().optional(),
  _csrf: z.string().optional(),
});

/** The note form of a lesson. */
@SignedIn()
@Controller('notes')
export class NotesPages {
  constructor(private readonly taking: NoteTaking) {}

  @Post()
  async take(
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Body({ schema: noteForm }) { text, return_to: returnTo }: z.output<typeof noteForm>,
  ) {
    await this.taking.take(visitor, text);
    response.redirect(303, withNotice(safePath(returnTo, '/'), 'note-saved'));
  }
}

import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { Notes } from '@trivet/academy';
import { CurrentVisitor, SignedIn, text, type Visitor } from '@trivet/web';
import { z } from 'zod';
import { NoteTaking } from './note-taking.js';

const note = z.strictObject({ text: text().trim().min(1).max(2000) });
const page = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(100) });

/** A person's notes, for programs. */
@SignedIn()
@Controller('api/notes')
export class NotesController {
  constructor(
    private readonly notes: Notes,
    private readonly taking: NoteTaking,
  ) {}

  @Post()
  @HttpCode(202)
  take(@CurrentVisitor() visitor: Visitor, @Body({ schema: note }) { text }: z.output<typeof note>) {
    return this.taking.take(visitor, text);
  }

  @Get()
  list(@CurrentVisitor() { account }: Visitor, @Query({ schema: page }) { limit }: z.output<typeof page>) {
    return this.notes.list(account.id, limit);
  }
}

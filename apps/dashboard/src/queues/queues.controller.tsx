import { Body, Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { DeadLetters, QueueOverview, type DeadLetterFilter } from '@trivet/queue';
import { CurrentVisitor, OperatorOnly, Pages, withNotice, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { QueuesPage, type DryRun } from '../pages/queues-page.js';
import { filterFields, filterOf } from './dead-letter-filter.js';

const shown = z.object(filterFields);
const redriveForm = z.strictObject({
  ...filterFields,
  rate: z.union([z.literal(''), z.coerce.number().int().min(1).max(10_000)]).optional(),
  go: z.enum(['dry-run', 'redrive']),
  _csrf: z.string().optional(),
});

const SHOWN = 50;

/** Queues, outbox, schedules and dead letters, for operators. */
@OperatorOnly()
@Controller('operations/queues')
export class QueuesController {
  constructor(
    private readonly overview: QueueOverview,
    private readonly deadLetters: DeadLetters,
    private readonly pages: Pages,
  ) {}

  @Get()
  async page(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Query({ schema: shown }) query: z.output<typeof shown>,
  ) {
    await this.#send(request, response, { visitor, filter: filterOf(query) });
  }

  @Post('redrive')
  async redrive(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Body({ schema: redriveForm }) { go, rate, ...fields }: z.output<typeof redriveForm>,
  ) {
    const filter = filterOf(fields);
    const jobs = await this.deadLetters.redrive(filter, {
      dryRun: go === 'dry-run',
      ...(rate ? { perSecond: rate } : {}),
    });
    if (go === 'redrive') return response.redirect(303, withNotice('/operations/queues', 'jobs-redriven'));
    await this.#send(request, response, { visitor, filter, dryRun: { jobs, rate: rate || undefined } });
  }

  async #send(
    request: Request,
    response: Response,
    { visitor, filter, dryRun }: { visitor: Visitor; filter: DeadLetterFilter; dryRun?: DryRun },
  ): Promise<void> {
    const [queues, kinds, letters] = await Promise.all([
      this.overview.read(),
      this.deadLetters.counts(),
      this.deadLetters.list(filter, SHOWN),
    ]);
    const context = this.pages.signedInContext(request, visitor);
    const dead = { kinds, letters, filter, ...(dryRun ? { dryRun } : {}) };
    this.pages.send(response, <QueuesPage context={context} queues={queues} dead={dead} />);
  }
}

import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { Digests } from '@trivet/academy';
import { CurrentVisitor, SignedIn, type Visitor } from '@trivet/web';
import { z } from 'zod';
import { DigestRequests } from './digest-requests.js';

const weekly = z.strictObject({ wanted: z.boolean() });

/** One's week by mail, for programs. */
@SignedIn()
@Controller('api/digests')
export class DigestsController {
  constructor(
    private readonly digests: Digests,
    private readonly requests: DigestRequests,
  ) {}

  @Post()
  @HttpCode(202)
  request(@CurrentVisitor() { account }: Visitor) {
    return this.requests.request(account.id);
  }

  @Get('weekly')
  async weekly(@CurrentVisitor() { account }: Visitor) {
    return { wanted: await this.digests.isWeeklyReader(account.id) };
  }

  @Put('weekly')
  async setWeekly(
    @CurrentVisitor() { account }: Visitor,
    @Body({ schema: weekly }) { wanted }: z.output<typeof weekly>,
  ) {
    await this.digests.setWeeklyReader(account.id, wanted);
    return { wanted };
  }
}

import { Body, Controller, Get, Post, Req, Res, UnauthorizedException } from '@nestjs/common';
import { Clock, Digests, weekUntil } from '@trivet/academy';
import { CurrentVisitor, Pages, SignedIn, withNotice, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { DigestPage } from '../pages/digest-page.js';
import { DigestRequests } from './digest-requests.js';

const weeklyForm = z.strictObject({ wanted: z.enum(['yes', 'no']), _csrf: z.string().optional() });

/** One's week, on a page and by mail. */
@SignedIn()
@Controller('digest')
export class DigestPages {
  constructor(
    private readonly digests: Digests,
    private readonly requests: DigestRequests,
    private readonly clock: Clock,
    private readonly pages: Pages,
  ) {}

  @Get()
  async page(@Req() request: Request, @Res() response: Response, @CurrentVisitor() visitor: Visitor) {
    const { id } = visitor.account;
    const [digest, isWeekly] = await Promise.all([
      this.digests.read(id, weekUntil(this.clock.now())),
      this.digests.isWeeklyReader(id),
    ]);
    if (!digest) throw new UnauthorizedException('Sign in first.');
    const context = this.pages.signedInContext(request, visitor);
    this.pages.send(response, <DigestPage context={context} digest={digest} isWeekly={isWeekly} />);
  }

  @Post('send')
  async request(@Res() response: Response, @CurrentVisitor() { account }: Visitor) {
    await this.requests.request(account.id);
    response.redirect(303, withNotice('/digest', 'digest-asked'));
  }

  @Post('weekly')
  async setWeekly(
    @Res() response: Response,
    @CurrentVisitor() { account }: Visitor,
    @Body({ schema: weeklyForm }) { wanted }: z.output<typeof weeklyForm>,
  ) {
    await this.digests.setWeeklyReader(account.id, wanted === 'yes');
    response.redirect(303, withNotice('/digest', wanted === 'yes' ? 'digest-weekly' : 'digest-never'));
  }
}

import { Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { SessionService } from '@trivet/session';
import type { Request, Response } from 'express';
import { withNotice } from './notices.js';
import { WEB_OPTIONS, type WebOptions } from './web.options.js';

/** Signs out of both apps, from either. */
@Controller()
export class SignOutController {
  constructor(
    private readonly sessions: SessionService,
    @Inject(WEB_OPTIONS) private readonly options: WebOptions,
  ) {}

  @Post('api/logout')
  @HttpCode(204)
  async logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.sessions.signOut(request, response);
    // Not "cookies": that would take the siblings' own cookies along.
    response.setHeader('Clear-Site-Data', '"cache", "storage"');
  }

  @Post('logout')
  async logoutForm(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.logout(request, response);
    response.redirect(303, withNotice(`${this.options.links.dashboard}/login`, 'signed-out'));
  }
}

import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { Certificates, type Account } from '@trivet/academy';
import type { Request, Response } from 'express';
import { CurrentAccount, SignedIn } from '../session/signed-in.js';
import { Sessions } from '../session/sessions.js';
import { escapeHtml, page } from './page.js';

/** What both apps answer. */
@Controller()
export class SharedController {
  constructor(
    private readonly sessions: Sessions,
    private readonly certificates: Certificates,
  ) {}

  @Get(['health/live', 'health/ready'])
  health() {
    return { status: 'ok' };
  }

  @SignedIn()
  @Get('api/me')
  me(@Req() { session }: Request, @CurrentAccount() { id, email, name, roles }: Account) {
    const expires = session.cookie.expires;
    return {
      user: { id, email, name, roles },
      session: { mode: 'live', idleExpiresAt: expires, absoluteExpiresAt: expires },
      // Not checked: the cookie is SameSite=Lax.
      csrfToken: 'not-checked',
    };
  }

  @SignedIn()
  @Post('api/logout')
  @HttpCode(204)
  async logout(@Req() request: Request): Promise<void> {
    await this.sessions.signOut(request);
  }

  @SignedIn()
  @Post('logout')
  async leave(@Req() request: Request, @Res() response: Response) {
    await this.sessions.signOut(request);
    response.redirect(303, '/');
  }

  @SignedIn()
  @Get('api/certificates/:id')
  certificate(@CurrentAccount() { id: userId }: Account, @Param('id') id: string) {
    return this.certificates.find(id, userId);
  }

  @SignedIn()
  @Get('api/certificates/:id/file')
  async file(@CurrentAccount() account: Account, @Param('id') id: string, @Res() response: Response) {
    response.type('application/pdf').send(await this.certificates.file(id, account.id));
  }

  @SignedIn()
  @Get('certificates/:id')
  async certificatePage(@CurrentAccount() { id: userId }: Account, @Param('id') id: string) {
    const { title, state } = await this.certificates.find(id, userId);
    return page(`Certificate: ${title}`, `<p>${escapeHtml(state)}</p>`);
  }
}

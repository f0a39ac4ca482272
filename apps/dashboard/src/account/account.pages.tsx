import { Body, Controller, ForbiddenException, Get, Param, Post, Req, Res } from '@nestjs/common';
import { PasswordPolicyError } from '@trivet/academy';
import { RequiresLiveSession, SessionService } from '@trivet/session';
import { CurrentVisitor, Pages, SignedIn, withNotice, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { AccountPage } from '../pages/account-page.js';
import type { PasswordErrors } from '../pages/password-card.js';
import { AccountSecurity } from './account-security.js';

const passwordForm = z.strictObject({
  currentPassword: z.string(),
  newPassword: z.string(),
  _csrf: z.string().optional(),
});

/** Devices and password, for people. */
@SignedIn()
@Controller('account')
export class AccountPages {
  constructor(
    private readonly sessions: SessionService,
    private readonly security: AccountSecurity,
    private readonly pages: Pages,
  ) {}

  @Get()
  page(@Req() request: Request, @Res() response: Response, @CurrentVisitor() visitor: Visitor) {
    return this.#send(request, response, { visitor });
  }

  @RequiresLiveSession()
  @Post('devices/revoke-others')
  async revokeOthers(@Res() response: Response, @CurrentVisitor() { session }: Visitor) {
    await this.sessions.revoke(session, 'others');
    response.redirect(303, withNotice('/account', 'others-signed-out'));
  }

  @RequiresLiveSession()
  @Post('devices/revoke-all')
  async revokeAll(@Req() request: Request, @Res() response: Response, @CurrentVisitor() visitor: Visitor) {
    await this.security.signOutEverywhere(visitor, request, response);
    response.redirect(303, withNotice('/login', 'signed-out'));
  }

  @RequiresLiveSession()
  @Post('devices/:id/revoke')
  async revoke(@Res() response: Response, @CurrentVisitor() visitor: Visitor, @Param('id') id: string) {
    await this.security.revokeDevice(visitor, id);
    response.redirect(303, withNotice('/account', 'device-signed-out'));
  }

  @RequiresLiveSession()
  @Post('password')
  async changePassword(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Body({ schema: passwordForm }) { currentPassword, newPassword }: z.output<typeof passwordForm>,
  ) {
    try {
      await this.security.changePassword(visitor, { currentPassword, newPassword, request });
      response.redirect(303, withNotice('/account', 'password-changed'));
    } catch (error) {
      const errors = passwordErrors(error);
      if (!errors) throw error;
      await this.#send(request, response, { visitor, errors });
    }
  }

  async #send(
    request: Request,
    response: Response,
    { visitor, errors }: { readonly visitor: Visitor; readonly errors?: PasswordErrors },
  ): Promise<void> {
    const devices = await this.sessions.devices(visitor.session);
    const context = this.pages.signedInContext(request, visitor);
    const page = (
      <AccountPage context={context} devices={devices} {...(errors ? { passwordErrors: errors } : {})} />
    );
    this.pages.send(response, page, errors ? 400 : 200);
  }
}

function passwordErrors(error: unknown): PasswordErrors | undefined {
  if (error instanceof ForbiddenException) return { currentPassword: error.message };
  if (error instanceof PasswordPolicyError) return { newPassword: error.message };
  return undefined;
}

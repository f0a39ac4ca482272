import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { RequiresLiveSession, SessionService } from '@trivet/session';
import { CurrentVisitor, SignedIn, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { AccountSecurity } from './account-security.js';

const whichDevices = z.strictObject({ except: z.literal('current').optional() });
const passwordChange = z.strictObject({ currentPassword: z.string().min(1), newPassword: z.string().min(1) });

/** Devices and password, for programs. */
@SignedIn()
@Controller('api')
export class AccountController {
  constructor(
    private readonly sessions: SessionService,
    private readonly security: AccountSecurity,
  ) {}

  @Get('devices')
  devices(@CurrentVisitor() { session }: Visitor) {
    return this.sessions.devices(session);
  }

  @RequiresLiveSession()
  @Delete('devices/:id')
  @HttpCode(204)
  async revoke(@CurrentVisitor() visitor: Visitor, @Param('id') deviceId: string): Promise<void> {
    await this.security.revokeDevice(visitor, deviceId);
  }

  @RequiresLiveSession()
  @Delete('devices')
  @HttpCode(204)
  async revokeMany(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Query({ schema: whichDevices }) { except }: z.output<typeof whichDevices>,
  ): Promise<void> {
    if (except) await this.sessions.revoke(visitor.session, 'others');
    else await this.security.signOutEverywhere(visitor, request, response);
  }

  @RequiresLiveSession()
  @Post('account/password')
  @HttpCode(204)
  async changePassword(
    @Req() request: Request,
    @CurrentVisitor() visitor: Visitor,
    @Body({ schema: passwordChange }) change: z.output<typeof passwordChange>,
  ): Promise<void> {
    await this.security.changePassword(visitor, { ...change, request });
  }
}

import {
  Body,
  Controller,
  Delete,
  ForbiddenException,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  Req,
} from '@nestjs/common';
import { Credentials, InvalidCredentialsError, type Account } from '@trivet/academy';
import type { Request } from 'express';
import { z } from 'zod';
import { CurrentAccount, SignedIn } from '../session/signed-in.js';
import { Sessions } from '../session/sessions.js';

const passwordChange = z.strictObject({ currentPassword: z.string().min(1), newPassword: z.string().min(1) });

/** Devices and password. */
@SignedIn()
@Controller('api')
export class AccountController {
  constructor(
    private readonly sessions: Sessions,
    private readonly credentials: Credentials,
  ) {}

  @Get('devices')
  devices(@Req() request: Request) {
    return this.sessions.devices(request);
  }

  @Delete('devices/:id')
  @HttpCode(204)
  async revoke(@Req() request: Request, @Param('id') deviceId: string): Promise<void> {
    const count = await this.sessions.revoke(request, ({ id }) => id === deviceId);
    if (count === 0) throw new NotFoundException();
  }

  @Delete('devices')
  @HttpCode(204)
  async revokeMany(@Req() request: Request, @Query('except') except?: string): Promise<void> {
    await this.sessions.revoke(request, ({ current }) => !current);
    if (except !== 'current') await this.sessions.signOut(request);
  }

  @Post('account/password')
  @HttpCode(204)
  async changePassword(
    @Req() request: Request,
    @CurrentAccount() { email }: Account,
    @Body({ schema: passwordChange }) change: z.output<typeof passwordChange>,
  ): Promise<void> {
    const proof = { email, password: change.currentPassword, address: request.ip ?? '' };
    await this.credentials.changePassword(proof, change.newPassword).catch((error: unknown) => {
      throw error instanceof InvalidCredentialsError ? new ForbiddenException(error.message) : error;
    });
    await this.sessions.revoke(request, ({ current }) => !current);
  }
}

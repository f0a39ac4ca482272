import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { Credentials, InvalidCredentialsError } from '@trivet/academy';
import { SessionService } from '@trivet/session';
import type { Visitor } from '@trivet/web';
import type { Request, Response } from 'express';

/** A change of password, and the request that asks for it: its address counts, and its session gets another id. */
export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly request: Request;
}

/** What people do for the safety of their account. */
@Injectable()
export class AccountSecurity {
  constructor(
    private readonly sessions: SessionService,
    private readonly credentials: Credentials,
  ) {}

  /** Ends one session of the person. @throws {NotFoundException} when there is no such session of theirs */
  async revokeDevice({ session }: Visitor, deviceId: string): Promise<void> {
    if ((await this.sessions.revoke(session, { deviceId })) === 0) throw new NotFoundException();
  }

  /** Ends every session of the person, this one too. */
  async signOutEverywhere({ session }: Visitor, request: Request, response: Response): Promise<void> {
    await this.sessions.revoke(session, 'all');
    await this.sessions.signOut(request, response);
  }

  /** Changes the password, ends the other sessions and rotates the id of this one. @throws {ForbiddenException | PasswordPolicyError} */
  async changePassword({ account, session }: Visitor, change: PasswordChange): Promise<void> {
    const { currentPassword: password, newPassword, request } = change;
    const address = request.ip ?? '';
    try {
      const proof = { email: account.email, password, address };
      await this.credentials.changePassword(proof, newPassword, session.deviceId);
    } catch (error) {
      if (!(error instanceof InvalidCredentialsError)) throw error;
      throw new ForbiddenException('The current password is wrong.');
    }
    await this.sessions.revoke(session, 'others');
    await this.sessions.renew(request);
  }
}

import { Injectable } from '@nestjs/common';
import { Accounts } from '@trivet/academy';
import { SubjectSource, type SubjectStanding } from '@trivet/session';

/** Tells the session library what the academy knows about people, for the time in which the session Redis is away. */
@Injectable()
export class AccountSubjects extends SubjectSource {
  constructor(private readonly accounts: Accounts) {
    super();
  }

  override async standingOf(userId: string): Promise<SubjectStanding | undefined> {
    const standing = await this.accounts.signInStanding(userId);
    if (!standing) return undefined;
    const { notBefore, spared } = standing;
    return {
      sessionsNotBefore: notBefore?.getTime() ?? 0,
      ...(spared ? { sparedDeviceId: spared } : {}),
    };
  }
}

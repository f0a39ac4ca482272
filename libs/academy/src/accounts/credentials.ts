import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '@trivet/database';
import { eq } from 'drizzle-orm';
import { users } from '../academy.schema.js';
import { type Account, Accounts, normaliseEmail } from './accounts.js';
import { InvalidCredentialsError } from './accounts.errors.js';
import { HashSlots } from './hash-slots.js';
import { verifyPassword } from './passwords.js';
import { type SignInAttempt, SignInLimiter } from './sign-in-limiter.js';

/** A person's proof: address and password, and where it was given. */
export interface PasswordProof extends SignInAttempt {
  readonly password: string;
}

/** Who is it? The slow, counted and limited way to find out. */
@Injectable()
export class Credentials {
  constructor(
    private readonly accounts: Accounts,
    private readonly database: Database,
    private readonly hashSlots: HashSlots,
    private readonly limiter: SignInLimiter,
  ) {}

  /**
   * The account that e-mail and password belong to. Takes as long for an unknown e-mail as for a wrong password.
   *
   * @throws InvalidCredentialsError, TooManySignInsError
   */
  async verify(proof: PasswordProof): Promise<Account> {
    await delay(await this.limiter.admit(proof));
    return this.hashSlots.run(async () => {
      // Asked again: a burst of guesses that was let into the queue together is counted one by one.
      await this.limiter.admit(proof);
      const account = await this.#match(proof);
      if (account) return account;
      await this.limiter.recordFailure(proof);
      throw new InvalidCredentialsError();
    });
  }

  /**
   * Gives an account another password. Ending its other sessions is the caller's part; its sign-ins up to now count no more.
   *
   * @param spared names the one sign-in that goes on.
   * @throws InvalidCredentialsError, PasswordPolicyError, TooManySignInsError
   */
  async changePassword(proof: PasswordProof, password: string, spared?: string): Promise<void> {
    const { id } = await this.verify(proof);
    await this.accounts.setPassword(id, password, spared);
  }

  async #match({ email, password }: PasswordProof): Promise<Account | undefined> {
    const [row] = await this.database
      .select()
      .from(users)
      .where(eq(users.email, normaliseEmail(email)));
    if (!(await verifyPassword(password, row?.passwordHash)) || !row) return undefined;
    return { id: row.id, email: row.email, name: row.name, roles: row.roles };
  }
}

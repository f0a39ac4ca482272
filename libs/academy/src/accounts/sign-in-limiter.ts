import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@trivet/database';
import { and, desc, eq, gt, lte, sql, type SQL, type SQLWrapper } from 'drizzle-orm';
import { ACADEMY_OPTIONS, type AcademyOptions } from '../academy.options.js';
import { signInFailures } from '../academy.schema.js';
import { Clock } from '../clock.js';
import { normaliseEmail } from './accounts.js';
import { TooManySignInsError } from './accounts.errors.js';
import { networkOf } from './network.js';

/** Who tries to sign in, and from where. */
export interface SignInAttempt {
  readonly email: string;
  /** IP address of the client, as the app trusts it. */
  readonly address: string;
}

const WINDOW_MS = 5 * 60_000;
const MAX_PER_ACCOUNT_AND_ADDRESS = 10;
const MAX_PER_ADDRESS = 100;
const MAX_PER_ACCOUNT = 100;
/** An account under attack from many addresses is slowed down, not locked: locking is what the attacker could want. */
const SLOW_DOWN_MS = 1_000;

/**
 * Counts failed sign-ins of the last 5 minutes in PostgreSQL, so that all processes share one count and no Redis is
 * needed. Accounts and addresses are stored as keyed hashes.
 */
@Injectable()
export class SignInLimiter {
  readonly #pepper: string | Buffer;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(ACADEMY_OPTIONS) { signInPepper }: AcademyOptions,
  ) {
    this.#pepper = signInPepper ?? randomBytes(32);
  }

  /** How long to hold the attempt back, milliseconds. @throws TooManySignInsError */
  async admit(attempt: SignInAttempt): Promise<number> {
    const { account, address } = this.#hashed(attempt);
    const byAccount = eq(signInFailures.account, account);
    const byAddress = eq(signInFailures.address, address);
    const { rows } = await this.database.execute<{ refused: string | null; slowed: string | null }>(sql`select
      greatest(
        (${this.#nthNewest(MAX_PER_ACCOUNT_AND_ADDRESS, and(byAccount, byAddress))}),
        (${this.#nthNewest(MAX_PER_ADDRESS, byAddress)})) as refused,
      (${this.#nthNewest(MAX_PER_ACCOUNT, byAccount)}) as slowed`);
    if (rows[0]?.refused) throw new TooManySignInsError(this.#secondsUntilRoom(new Date(rows[0].refused)));
    return rows[0]?.slowed ? SLOW_DOWN_MS : 0;
  }

  /** Counts a failure and forgets those that no longer matter. */
  async recordFailure(attempt: SignInAttempt): Promise<void> {
    await this.database.insert(signInFailures).values({ ...this.#hashed(attempt), at: this.clock.now() });
    await this.database.delete(signInFailures).where(lte(signInFailures.at, this.#windowStart()));
  }

  #nthNewest(n: number, condition: SQL | undefined): SQLWrapper {
    return this.database
      .select({ at: signInFailures.at })
      .from(signInFailures)
      .where(and(condition, gt(signInFailures.at, this.#windowStart())))
      .orderBy(desc(signInFailures.at))
      .offset(n - 1)
      .limit(1);
  }

  /** There is room again when the n-th newest failure has left the window. */
  #secondsUntilRoom(nthNewest: Date): number {
    return Math.ceil((nthNewest.getTime() + WINDOW_MS - this.clock.now().getTime()) / 1_000);
  }

  #windowStart(): Date {
    return new Date(this.clock.now().getTime() - WINDOW_MS);
  }

  #hashed({ email, address }: SignInAttempt): { account: Buffer; address: Buffer } {
    const hash = (kind: string, value: string) =>
      createHmac('sha256', this.#pepper).update(`${kind}:${value}`).digest();
    return { account: hash('account', normaliseEmail(email)), address: hash('address', networkOf(address)) };
  }
}

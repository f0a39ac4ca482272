import { Injectable } from '@nestjs/common';
import { Database, isUniqueViolation } from '@trivet/database';
import { eq, sql } from 'drizzle-orm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { users } from '../academy.schema.js';
import { EmailTakenError, PasswordPolicyError } from './accounts.errors.js';
import { HashSlots } from './hash-slots.js';
import { hashPassword } from './passwords.js';

/** What an account may do: an operator may also edit lessons. */
export type Role = 'learner' | 'operator';

/** A person, without the password. */
export interface Account {
  readonly id: string;
  /** Lower-cased. */
  readonly email: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Which of a person's sign-ins count. */
export interface SignInStanding {
  /** Sign-ins up to this moment are over; absent when none are. */
  readonly notBefore?: Date;
  /** The one that is spared, by the name that it was given when the password was changed. */
  readonly spared?: string;
}

/** What a new account is made of. */
export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly roles: readonly Role[];
}

const PASSWORD_MIN_LENGTH = 12;
const PASSWORD_MAX_LENGTH = 200;

const accountColumns = { id: users.id, email: users.email, name: users.name, roles: users.roles };

/** E-mail addresses are compared without case and outer spaces. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Every page of a signed-in person asks for this: PostgreSQL plans it once for each connection. */
const prepareById = (database: Database) =>
  database
    .select(accountColumns)
    .from(users)
    .where(eq(users.id, sql.placeholder('id')))
    .prepare('academy.account');

/** The people who can sign in. */
@Injectable()
export class Accounts {
  readonly #byId: ReturnType<typeof prepareById>;

  constructor(
    private readonly database: Database,
    private readonly hashSlots: HashSlots,
  ) {
    this.#byId = prepareById(database);
  }

  /** @throws EmailTakenError, PasswordPolicyError, TooManySignInsError */
  async create({ email, name, password, roles }: NewAccount): Promise<Account> {
    const account = { id: uuidv7(), email: normaliseEmail(email), name: name.trim(), roles: [...roles] };
    const passwordHash = await this.#hash(password);
    try {
      await this.database.insert(users).values({ ...account, passwordHash });
    } catch (error) {
      throw isUniqueViolation(error, 'users_email_key') ? new EmailTakenError() : error;
    }
    return account;
  }

  async findById(id: string): Promise<Account | undefined> {
    const [row] = isUuid(id) ? await this.#byId.execute({ id }) : [];
    return row;
  }

  async findByEmail(email: string): Promise<Account | undefined> {
    const isTheirs = eq(users.email, normaliseEmail(email));
    const [row] = await this.database.select(accountColumns).from(users).where(isTheirs);
    return row;
  }

  /** The roles an account has now; none when it is gone. */
  async rolesOf(id: string): Promise<readonly Role[]> {
    return (await this.findById(id))?.roles ?? [];
  }

  /**
   * For {@link Credentials} and operators' tools; a person proves the old password first. Sign-ins up to now are over.
   *
   * @param spared names the one sign-in that goes on.
   * @throws PasswordPolicyError
   */
  async setPassword(id: string, password: string, spared?: string): Promise<void> {
    const passwordHash = await this.#hash(password);
    await this.database
      .update(users)
      .set({ passwordHash, signInsNotBefore: new Date(), sparedSignIn: spared ?? null })
      .where(eq(users.id, id));
  }

  /** Which of an account's sign-ins count; `undefined` when it is gone. */
  async signInStanding(id: string): Promise<SignInStanding | undefined> {
    if (!isUuid(id)) return undefined;
    const columns = { notBefore: users.signInsNotBefore, spared: users.sparedSignIn };
    const [row] = await this.database.select(columns).from(users).where(eq(users.id, id));
    if (!row) return undefined;
    const { notBefore, spared } = row;
    return { ...(notBefore ? { notBefore } : {}), ...(spared ? { spared } : {}) };
  }

  #hash(password: string): Promise<string> {
    if (password.length < PASSWORD_MIN_LENGTH || password.length > PASSWORD_MAX_LENGTH) {
      throw new PasswordPolicyError(PASSWORD_MIN_LENGTH, PASSWORD_MAX_LENGTH);
    }
    return this.hashSlots.run(() => hashPassword(password));
  }
}

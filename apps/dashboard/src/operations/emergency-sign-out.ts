import { ForbiddenException, Injectable, Logger, NotFoundException } from '@nestjs/common';
import { Accounts, Credentials, InvalidCredentialsError } from '@trivet/academy';
import { SessionService } from '@trivet/session';
import type { Account } from '@trivet/academy';

/** An operator who proves once more who they are, and from which address. */
export interface OperatorProof {
  readonly operator: Account;
  readonly password: string;
  readonly address: string;
}

/** Ends other people's sessions, on an operator's word and password. */
@Injectable()
export class EmergencySignOut {
  readonly #logger = new Logger(EmergencySignOut.name);

  constructor(
    private readonly sessions: SessionService,
    private readonly accounts: Accounts,
    private readonly credentials: Credentials,
  ) {}

  /**
   * Ends every session of one person, in all apps.
   *
   * @returns whom. @throws {ForbiddenException | NotFoundException | TooManySignInsError | RedisUnavailableError}
   */
  async person(proof: OperatorProof, email: string): Promise<Account> {
    await this.#prove(proof);
    const account = await this.accounts.findByEmail(email);
    if (!account) throw new NotFoundException();
    await this.sessions.revokeUser(account.id, proof.operator.id);
    this.#log('user');
    return account;
  }

  /** Ends everybody's sessions, the operator's own too. @throws as {@link EmergencySignOut.person} */
  async everybody(proof: OperatorProof): Promise<void> {
    await this.#prove(proof);
    await this.sessions.revokeAll(proof.operator.id);
    this.#log('all');
  }

  async #prove({ operator, password, address }: OperatorProof): Promise<void> {
    try {
      await this.credentials.verify({ email: operator.email, password, address });
    } catch (error) {
      if (!(error instanceof InvalidCredentialsError)) throw error;
      throw new ForbiddenException('Your password is wrong.');
    }
  }

  #log(scope: 'user' | 'all'): void {
    this.#logger.warn('An operator ended sessions', { event: 'sessions_ended_by_operator', scope });
  }
}

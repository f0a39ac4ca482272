import { createParamDecorator, Injectable, type ExecutionContext } from '@nestjs/common';
import { Accounts, type Account } from '@trivet/academy';
import { SessionService, type SessionIdentity } from '@trivet/session';
import type { Request } from 'express';

/** A signed-in person: who they are now, by the database, and the session that says so. */
export interface Visitor {
  readonly account: Account;
  readonly session: SessionIdentity;
}

const visitors = new WeakMap<Request, Promise<Visitor | undefined>>();

/** Finds out who asks: identity from the session, name and roles from the database, once per request. */
@Injectable()
export class Visitors {
  constructor(
    private readonly sessions: SessionService,
    private readonly accounts: Accounts,
  ) {}

  of(request: Request): Promise<Visitor | undefined> {
    const known = visitors.get(request) ?? this.#find(request);
    visitors.set(request, known);
    return known;
  }

  /** The person is somebody else from here on: a sign-in or a sign-out. */
  forget(request: Request): void {
    visitors.delete(request);
  }

  async #find(request: Request): Promise<Visitor | undefined> {
    const session = this.sessions.identityOf(request);
    const account = session && (await this.accounts.findById(session.userId));
    return account && { account, session };
  }
}

/** The {@link Visitor} of a route behind `@SignedIn()` or `@Operator()`. */
export const CurrentVisitor = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  visitors.get(context.switchToHttp().getRequest<Request>()),
);

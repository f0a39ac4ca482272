import { BadRequestException, ForbiddenException, Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { createHash, randomBytes } from 'node:crypto';
import { SealKeyRing } from '../seal/key-ring.js';
import type { ResolvedSessionOptions } from '../session.options.js';
import { RESOLVED_SESSION_OPTIONS } from '../session.tokens.js';
import { AppCookie } from './app-cookie.js';
import { Binder } from './binder.js';
import { HandoffMessages, type HandoffTicket } from './handoff-messages.js';
import { publishRefusal } from './refusal.events.js';
import { standingOf } from './standing.js';

/** Where the hand-off's two ends are, in each app. */
export const handoffPath = '/handoff';

const nonceLifetimeMs = 60_000;
/** An address that is longer leads to the app's first page: the message travels in an address itself. */
const longestTarget = 1_500;

/**
 * How an app gets its binder for a session that began on another one: it asks the sign-in app, which checks its own binder
 * and answers with a ticket. The ticket counts in the browser alone that asked (its nonce is a cookie), for this session, for
 * 30 seconds and once: the nonce goes with its use.
 */
@Injectable()
export class Handoff {
  readonly #nonce: AppCookie;
  readonly #messages: HandoffMessages;

  constructor(
    @Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions,
    ring: SealKeyRing,
    private readonly binder: Binder,
  ) {
    this.#nonce = new AppCookie('_shared_org_nonce', options.secure);
    this.#messages = new HandoffMessages(ring);
  }

  /** Whether this app is the one that people sign in on. */
  get isSignInApp(): boolean {
    return this.options.handoff?.signInApp === this.options.app;
  }

  /** Sends a page's visitor to the sign-in app, to come back with a ticket. */
  ask(request: Request, response: Response, { to = request.originalUrl, again = false } = {}): void {
    // Tabs that ask at the same time share the nonce, else the last one would spoil the others' tickets.
    const nonce = this.#nonce.read(request)[0] || randomBytes(16).toString('base64url');
    this.#nonce.set(response, nonce, nonceLifetimeMs);
    const target = to.startsWith('/') && to.length <= longestTarget ? to : '/';
    const ask = this.#messages.sealAsk({ app: this.options.app, nonce: hash(nonce), to: target, again });
    this.#lead(response, `${this.#originOf(this.#signInApp)}${handoffPath}?ask=${ask}`);
  }

  /** The sign-in app's end: vouches for the session, or has the person sign in. */
  vouch(request: Request, response: Response, sealed: unknown): void {
    const ask = this.#messages.openAsk(sealed);
    if (!ask || !Object.hasOwn(this.#handoff.apps, ask.message.app))
      throw new BadRequestException(unreadable);
    const { app, to } = ask.message;
    const page = this.#originOf(app) + to;
    const identity = request.session?.identity;
    if (!identity || standingOf(request) !== 'trusted') {
      const signIn = this.#originOf(this.#signInApp) + this.#handoff.signInPath;
      return this.#lead(response, `${signIn}?return_to=${encodeURIComponent(page)}`);
    }
    // Whoever left it lying asks again from the page.
    if (!ask.fresh) return this.#lead(response, page);
    const ticket = this.#messages.sealTicket({ ...ask.message, lineage: identity.deviceId });
    this.#lead(response, `${this.#originOf(app)}${handoffPath}?ticket=${ticket}`);
  }

  /** The asking app's end: takes the ticket for its binder. */
  accept(request: Request, response: Response, sealed: unknown): void {
    const opened = this.#messages.openTicket(sealed, this.options.app);
    if (!opened) throw new BadRequestException(unreadable);
    const { message: ticket, fresh } = opened;
    const identity = request.session?.identity;
    const page = this.#originOf(this.options.app) + ticket.to;
    if (!identity || standingOf(request) === 'trusted') return this.#lead(response, page);
    if (fresh && ticket.lineage === identity.deviceId && this.#isOfThisBrowser(request, ticket)) {
      this.#nonce.clear(response);
      this.binder.issue(response, identity);
      return this.#lead(response, page);
    }
    publishRefusal(this.options.app, 'ticket');
    if (ticket.again) throw new ForbiddenException(unconfirmed);
    this.ask(request, response, { to: ticket.to, again: true });
  }

  #lead(response: Response, address: string): void {
    response.setHeader('Cache-Control', 'no-store');
    response.redirect(303, address);
  }

  #isOfThisBrowser(request: Request, { nonce }: HandoffTicket): boolean {
    return this.#nonce.read(request).some((value) => hash(value) === nonce);
  }

  get #handoff() {
    if (!this.options.handoff) throw new Error('`handoff` is not among the session options.');
    return this.options.handoff;
  }

  get #signInApp(): string {
    return this.#handoff.signInApp;
  }

  #originOf(app: string): string {
    return new URL(this.#handoff.apps[app] ?? '').origin;
  }
}

const unreadable = 'This link is none of ours, or incomplete. Open the page that you wanted to see again.';
const unconfirmed =
  'We could not confirm that the sign-in in this browser is yours. Sign out, or clear this site’s cookies, and sign in again.';

function hash(nonce: string): string {
  return createHash('sha256').update(nonce).digest('base64url');
}

import { z } from 'zod';
import type { SealKeyRing } from '../seal/key-ring.js';
import type { Seal } from '../seal/seal.js';

/** What an app asks the sign-in app: to vouch for the session that this browser presents. */
const ask = z.object({
  app: z.string(),
  /** Hash of the nonce that the asking app keeps in a cookie of its own. */
  nonce: z.string(),
  /** Path and query of the page that the person wants to see. */
  to: z.string().startsWith('/'),
  /** Whether it has been tried before. */
  again: z.boolean(),
});

/** What the sign-in app answers: which session it is, for the app, the browser and the page of the ask. */
const ticket = ask.extend({ lineage: z.string() });

export type HandoffAsk = z.output<typeof ask>;
export type HandoffTicket = z.output<typeof ticket>;

/** A message that was ours; it may be too old. */
export interface OpenedMessage<Message> {
  readonly message: Message;
  readonly fresh: boolean;
}

const lifetimeMs = 30_000;

/**
 * The two messages of a hand-off, which travel through the browser's address bar: sealed, because whoever could write one could choose
 * whose session is vouched for and where the browser is led. What an address does not hold cannot be redirected to.
 */
export class HandoffMessages {
  readonly #seal: Seal;

  constructor(
    ring: SealKeyRing,
    private readonly now: () => number = Date.now,
  ) {
    this.#seal = ring.for('ticket');
  }

  sealAsk(message: HandoffAsk): string {
    return this.#write(message, 'ask');
  }

  sealTicket(message: HandoffTicket): string {
    return this.#write(message, `ticket:${message.app}`);
  }

  openAsk(sealed: unknown): OpenedMessage<HandoffAsk> | undefined {
    return this.#read(sealed, 'ask', ask);
  }

  /** @returns undefined also for a ticket that is for another app. */
  openTicket(sealed: unknown, app: string): OpenedMessage<HandoffTicket> | undefined {
    return this.#read(sealed, `ticket:${app}`, ticket);
  }

  #write(message: HandoffAsk, context: string): string {
    return this.#seal.seal(JSON.stringify({ ...message, expiresAt: this.now() + lifetimeMs }), context);
  }

  #read<Message>(
    sealed: unknown,
    context: string,
    schema: z.ZodType<Message>,
  ): OpenedMessage<Message> | undefined {
    const opened = typeof sealed === 'string' ? this.#seal.open(sealed, context) : undefined;
    if (!opened?.ok) return undefined;
    // The seal says that it is ours, so nothing in it can be of another shape, but for another version's.
    const content = JSON.parse(opened.plain) as { readonly expiresAt?: number };
    const parsed = schema.safeParse(content);
    if (!parsed.success) return undefined;
    return { message: parsed.data, fresh: this.now() < (content.expiresAt ?? 0) };
  }
}

import type { SessionClock } from '../session.clock.js';
import { Evidence, type SessionClaim, type Verdict } from './evidence.js';
import { EvidenceSet, type Accused } from './evidence-set.js';
import type { Testimony } from './testimony.js';
import { Witness, type EvidenceStore } from './witness.js';

/** How long a feed vouches for what this process knows, milliseconds. */
export const feedLeaseMs = 5000;
/** Without a fresh feed only sessions are believed that Redis confirmed this recently, milliseconds. */
export const believedWithoutFeedMs = 60_000;

/** What {@link EvidenceFeed} is made of. */
export interface EvidenceFeedParts {
  readonly clock: SessionClock;
  readonly stores: readonly EvidenceStore[];
  /** How long evidence lives: longer than any session that it speaks against, milliseconds. */
  readonly lifeMs: number;
  readonly mostItems: number;
}

/** The evidence of this process, kept level with that of every store. */
export class EvidenceFeed extends Evidence {
  readonly #parts: EvidenceFeedParts;
  readonly #set: EvidenceSet;
  readonly #witnesses: readonly Witness[];

  constructor(parts: EvidenceFeedParts) {
    super();
    this.#parts = parts;
    this.#set = new EvidenceSet(parts.mostItems);
    this.#witnesses = parts.stores.map(
      (store) => new Witness(store, parts.clock, (item, from) => this.#learn(item, from)),
    );
  }

  override get feedAgeMs(): number {
    const freshAt = Math.max(...this.#witnesses.map((witness) => witness.freshAt));
    return this.#parts.clock.monotonic() - freshAt;
  }

  override judge(claim: SessionClaim): Verdict {
    if (this.#set.condemns(claim)) return 'revoked';
    const age = this.feedAgeMs;
    if (age === Infinity) return 'not-known';
    if (age <= feedLeaseMs) return 'clear';
    return this.#parts.clock.now() - claim.verifiedAt <= believedWithoutFeedMs ? 'clear' : 'not-known';
  }

  override condemns(session: Accused): boolean {
    return this.#set.condemnsPrecisely(session);
  }

  /** The earliest start of a session of the user that no evidence speaks against. */
  earliestStart(userHash: string): number {
    return Math.max(this.#parts.clock.now(), this.#set.notBefore(userHash) + 1);
  }

  /** How many testimonies this process holds, and whether there were more than it may. */
  get extent(): { readonly items: number; readonly escalated: boolean } {
    return { items: this.#set.size, escalated: this.#set.isEscalated };
  }

  witness(name: EvidenceStore['name']): Witness | undefined {
    return this.#witnesses.find((witness) => witness.name === name);
  }

  get witnesses(): readonly Witness[] {
    return this.#witnesses;
  }

  /** Takes a testimony that this process gives, or that it heard in passing; every store is owed it from now on. */
  learn(item: Testimony): void {
    this.#learn(item);
  }

  /** Takes what the session Redis tells every process at once. */
  hear(item: Testimony): void {
    const redis = this.witness('redis');
    redis?.acknowledge(item);
    this.#learn(item, redis);
  }

  /** A store may have lost what it held. */
  doubt(name: EvidenceStore['name']): void {
    this.witness(name)?.doubt(this.#set.items());
  }

  prune(): void {
    this.#set.prune(this.#parts.clock.now() - this.#parts.lifeMs);
  }

  #learn(item: Testimony, from?: Witness): void {
    if (!this.#set.add(item)) return;
    for (const witness of this.#witnesses) if (witness !== from) witness.owe(item, !from);
  }
}

import type { SessionClaim } from './evidence.js';
import { identityOf, type Testimony } from './testimony.js';

/** A claim without its times of verification: whether it was ended does not depend on them. */
export type Accused = Omit<SessionClaim, 'verifiedAt'>;

/**
 * Every testimony a process knows. Adding is commutative, associative and idempotent, so it does not matter in which order, how
 * often and from which store one arrives. It is bounded: too many ends of single sessions become ends of their users' sessions,
 * and too many of those become an end of everybody's. That ends more than was asked, and never less.
 */
export class EvidenceSet {
  readonly #items = new Map<string, Testimony>();
  /** By user hash, the latest not-before for each exempt lineage. */
  readonly #users = new Map<string, Map<string, number>>();
  /** What the escalation has made of single testimonies. */
  readonly #escalatedUsers = new Map<string, number>();
  #epoch = 0;
  #escalatedEpoch = 0;

  constructor(private readonly mostItems: number) {}

  get size(): number {
    return this.#items.size;
  }

  /** Whether anything had to be escalated. */
  get isEscalated(): boolean {
    return this.#escalatedEpoch > 0 || this.#escalatedUsers.size > 0;
  }

  /** @returns whether it was news. */
  add(item: Testimony): boolean {
    const id = identityOf(item);
    const known = this.#items.get(id);
    if ((known && known.at >= item.at) || this.#isEscalated(item)) return false;
    this.#items.set(id, item);
    this.#index(item);
    if (this.#items.size > this.mostItems) this.#escalate();
    return true;
  }

  /** Whether some testimony speaks against a session. */
  condemns(session: Accused): boolean {
    return this.condemnsPrecisely(session) || this.#isCaughtByEscalation(session);
  }

  /** As {@link EvidenceSet.condemns}, without what the bound has made coarse: for a session that Redis has judged as well. */
  condemnsPrecisely({ sidHash, userHash, lineage, startedAt }: Accused): boolean {
    if (startedAt <= this.#epoch) return true;
    if (this.#has({ kind: 'session', subject: sidHash, user: userHash, exempt: '' })) return true;
    if (userHash === '') return false;
    if (this.#has({ kind: 'lineage', subject: lineage, user: userHash, exempt: '' })) return true;
    for (const [exempt, at] of this.#users.get(userHash) ?? [])
      if (startedAt <= at && exempt !== lineage) return true;
    return false;
  }

  /** The time that a session of the user must be started after, to be spared by what is known now. */
  notBefore(userHash: string): number {
    const own = [...(this.#users.get(userHash)?.values() ?? [])];
    return Math.max(this.#epoch, this.#escalatedEpoch, this.#escalatedUsers.get(userHash) ?? 0, ...own);
  }

  items(): IterableIterator<Testimony> {
    return this.#items.values();
  }

  /** Drops what was given before `time`: no session that it speaks against can live any more. */
  prune(time: number): void {
    for (const [id, item] of this.#items) if (item.at < time) this.#drop(id, item);
    for (const [user, at] of this.#escalatedUsers) if (at < time) this.#escalatedUsers.delete(user);
  }

  #has(item: Omit<Testimony, 'at'>): boolean {
    return this.#items.has(identityOf(item));
  }

  #index({ kind, user, exempt, at }: Testimony): void {
    if (kind === 'all') this.#epoch = Math.max(this.#epoch, at);
    if (kind !== 'user') return;
    const known = this.#users.get(user) ?? new Map<string, number>();
    this.#users.set(user, known.set(exempt, at));
  }

  #drop(id: string, { kind, user, exempt }: Testimony): void {
    this.#items.delete(id);
    if (kind !== 'user') return;
    const known = this.#users.get(user);
    known?.delete(exempt);
    if (known?.size === 0) this.#users.delete(user);
  }

  #escalate(): void {
    for (const [id, item] of this.#items) {
      if (item.kind !== 'session' && item.kind !== 'lineage') continue;
      this.#drop(id, item);
      this.#escalateUser(item);
    }
    // Whose session it was is not known of all: those can only be caught by an end of everybody's.
    this.#escalatedEpoch = Math.max(this.#escalatedEpoch, this.#escalatedUsers.get('') ?? 0);
    if (this.#escalatedUsers.size + this.#items.size <= this.mostItems / 2) return;
    for (const [id, item] of this.#items) {
      if (item.kind === 'user') this.#escalatedEpoch = Math.max(this.#escalatedEpoch, item.at);
      if (item.kind === 'user') this.#drop(id, item);
    }
    for (const at of this.#escalatedUsers.values()) this.#escalatedEpoch = Math.max(this.#escalatedEpoch, at);
    this.#escalatedUsers.clear();
  }

  #escalateUser({ user, at }: Testimony): void {
    this.#escalatedUsers.set(user, Math.max(this.#escalatedUsers.get(user) ?? 0, at));
  }

  #isEscalated({ kind, user, at }: Testimony): boolean {
    if (kind === 'all') return false;
    return at <= this.#escalatedEpoch || (kind !== 'user' && at <= (this.#escalatedUsers.get(user) ?? 0));
  }

  #isCaughtByEscalation({ userHash, startedAt }: Accused): boolean {
    return startedAt <= Math.max(this.#escalatedEpoch, this.#escalatedUsers.get(userHash) ?? 0);
  }
}

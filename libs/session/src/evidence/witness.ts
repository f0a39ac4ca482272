import type { SessionClock } from '../session.clock.js';
import { identityOf, type Testimony } from './testimony.js';

/** A store that keeps evidence for every process. */
export interface EvidenceStore {
  readonly name: 'redis' | 'mirror';
  /** What was added since the last call; everything at first, and after {@link EvidenceStore.startOver}. */
  read(): Promise<Testimony[]>;
  write(items: readonly Testimony[]): Promise<void>;
  startOver(): void;
}

/** How long the process that gave a testimony is left to tell every store itself, milliseconds. */
const courtesyMs = 3000;

/**
 * One store of evidence as this process sees it: what it was heard to hold, and what it is owed. A debt is what this process
 * knows and the store has not been seen to hold: a revocation that it missed while it was away, or everything after it lost data.
 */
export class Witness {
  readonly #owed = new Map<string, { readonly item: Testimony; readonly since: number }>();
  #freshAt = -Infinity;

  constructor(
    private readonly store: EvidenceStore,
    private readonly clock: SessionClock,
    private readonly learn: (item: Testimony, from: Witness) => void,
  ) {}

  get name(): EvidenceStore['name'] {
    return this.store.name;
  }

  /** When the store was last heard, on the monotonic clock; `-Infinity` before it was heard out once. */
  get freshAt(): number {
    return this.#freshAt;
  }

  /** How many testimonies the store has still to be told. */
  get debt(): number {
    return this.#owed.size;
  }

  /** @param isOwn whether this process gave it, and tells the store with its next pulse if nothing else does. */
  owe(item: Testimony, isOwn: boolean): void {
    this.#owed.set(identityOf(item), { item, since: isOwn ? -Infinity : this.clock.monotonic() });
  }

  /** The store was seen to hold this. */
  acknowledge(item: Testimony): void {
    const id = identityOf(item);
    const owed = this.#owed.get(id);
    if (owed && owed.item.at <= item.at) this.#owed.delete(id);
  }

  /** The store may have lost what it held: it is heard from the beginning, and told what it then lacks. */
  doubt(everything: Iterable<Testimony>): void {
    for (const item of everything) this.owe(item, true);
    this.store.startOver();
  }

  /** Learns what the store holds, then tells it what it lacks. @throws the store's error */
  async hear(): Promise<void> {
    const askedAt = this.clock.monotonic();
    for (const item of await this.store.read()) {
      this.acknowledge(item);
      this.learn(item, this);
    }
    // One that was asked earlier may answer later.
    this.#freshAt = Math.max(this.#freshAt, askedAt);
    await this.#repay(askedAt - courtesyMs);
  }

  /** Tells the store at once. @throws the store's error; what was not told stays owed */
  async tell(items: readonly Testimony[]): Promise<void> {
    await this.store.write(items);
    for (const item of items) this.acknowledge(item);
  }

  async #repay(dueSince: number): Promise<void> {
    const due = [...this.#owed.values()].filter(({ since }) => since <= dueSince).map(({ item }) => item);
    if (due.length > 0) await this.tell(due);
  }
}

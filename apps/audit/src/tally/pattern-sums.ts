import { type MeasuredKey } from '../redis/scan.js';
import { segmentsOf } from './pattern.js';
import { Sum, sumOf } from './sum.js';

/** So many names in one place, each with few keys, are ids that do not look like ids: slugs, user names. */
const SIBLINGS = 20;
const FEW_KEYS = 3;

/** Sums by pattern in bounded memory. */
export class PatternSums {
  readonly #sums = new Map<string, Sum>();
  readonly #rest = new Sum();
  readonly #limit: number;
  /** Patterns made by folding: whatever else stands in that place is an id as well. */
  readonly #folded = new Set<string>();
  #isClosed = false;

  /** @param limit patterns held at the same time; where folding does not help, later ones go to the rest. */
  constructor(limit = 2_000) {
    this.#limit = limit;
  }

  add(pattern: string, key: Pick<MeasuredKey, 'bytes' | 'ttlMs'>): void {
    (this.#sums.get(pattern) ?? this.#open(pattern)).add(key);
  }

  /** The patterns, and what did not fit into `limit` of them. */
  finish(): { sums: ReadonlyMap<string, Sum>; rest: Sum } {
    this.#fold(FEW_KEYS);
    return { sums: this.#sums, rest: this.#rest };
  }

  #open(pattern: string): Sum {
    if (this.#sums.size >= this.#limit && !this.#isClosed) this.#makeRoom();
    return this.#isClosed ? this.#rest : sumOf(this.#sums, pattern);
  }

  /** The rarest names go first. Half must become free, so that folding stays rare itself. */
  #makeRoom(): void {
    for (let fewKeys = FEW_KEYS; this.#isFull && fewKeys < 1e12; fewKeys *= 10) this.#fold(fewKeys);
    this.#isClosed = this.#isFull;
  }

  get #isFull(): boolean {
    return this.#sums.size > this.#limit / 2;
  }

  #fold(fewKeys: number): void {
    const places = Math.max(0, ...[...this.#sums.keys()].map((pattern) => segmentsOf(pattern).length));
    for (let place = 0; place < places; place += 2) {
      for (const [folded, siblings] of this.#siblingsAt(place, fewKeys)) {
        const isIds = siblings.length >= SIBLINGS || this.#folded.has(folded);
        const isKnown = (this.#sums.get(folded)?.keys ?? 0) >= SIBLINGS;
        if (isIds) this.#mergeIds(siblings, folded);
        else if (isKnown)
          this.#merge(
            siblings.filter((pattern) => isOddAt(place, pattern)),
            folded,
          );
      }
    }
  }

  #siblingsAt(place: number, fewKeys: number): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const [pattern, { keys }] of this.#sums) {
      const segments = segmentsOf(pattern);
      if (keys > fewKeys || segments.length <= place || segments[place] === '*') continue;
      const folded = segments.with(place, '*').join('');
      groups.set(folded, [...(groups.get(folded) ?? []), pattern]);
    }
    return groups;
  }

  #mergeIds(patterns: readonly string[], into: string): void {
    this.#folded.add(into);
    this.#merge(patterns, into);
  }

  #merge(patterns: readonly string[], into: string): void {
    for (const pattern of patterns) {
      const sum = this.#sums.get(pattern);
      this.#sums.delete(pattern);
      if (sum !== undefined) sumOf(this.#sums, into).merge(sum);
    }
  }
}

/** One random id in some hundreds looks like a word; long and not all lower case, it is none beside its like. */
function isOddAt(place: number, pattern: string): boolean {
  const segment = segmentsOf(pattern)[place] ?? '';
  return segment.length >= 12 && !/^[a-z._-]*$/.test(segment);
}

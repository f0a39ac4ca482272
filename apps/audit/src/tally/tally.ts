import { type Batch, type MeasuredKey } from '../redis/scan.js';
import { EXPIRY_SPANS, expirySpan } from './expiry.js';
import { printableName } from './key-name.js';
import { patternOf } from './pattern.js';
import { PatternSums } from './pattern-sums.js';
import { Sum, sumOf } from './sum.js';
import { TopKeys } from './top-keys.js';

/** All that is counted while keys go by; its size does not depend on how many. */
export class Tally {
  readonly total = new Sum();
  vanished = 0;
  readonly #types = new Map<string, Sum>();
  readonly #expiry = new Map(EXPIRY_SPANS.map(([span]): [string, Sum] => [span, new Sum()])).set(
    'never',
    new Sum(),
  );
  readonly #patterns = new PatternSums();
  readonly #top: TopKeys;

  constructor(top: number) {
    this.#top = new TopKeys(top);
  }

  add({ keys, vanished }: Batch): void {
    this.vanished += vanished;
    for (const key of keys) this.#count(key);
  }

  #count(key: MeasuredKey): void {
    this.total.add(key);
    sumOf(this.#types, key.type).add(key);
    sumOf(this.#expiry, expirySpan(key.ttlMs)).add(key);
    this.#patterns.add(patternOf(printableName(key.name)), key);
    this.#top.add(key);
  }

  /** Largest first; the spans of time in their order. */
  finish() {
    const { sums, rest } = this.#patterns.finish();
    return {
      types: largestFirst(this.#types),
      patterns: largestFirst(sums),
      otherPatterns: rest,
      expiry: [...this.#expiry],
      topKeys: this.#top.all,
    };
  }
}

function largestFirst(sums: ReadonlyMap<string, Sum>): [string, Sum][] {
  return [...sums].sort(([, a], [, b]) => b.bytes - a.bytes);
}

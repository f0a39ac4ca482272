import type { EntryNames } from '../redis/scope.js';
import { fromText } from '../redis/payload.js';
import { deepFreeze } from './deep-freeze.js';

/** What an {@link Entry} is made of. */
export interface EntryFacts {
  readonly names: EntryNames;
  /** JSON; '' for `undefined`. */
  readonly text: string;
  /** End of its life on the server's clock, milliseconds. */
  readonly freshUntil: number;
  /** The ledger's sequence when whoever vouches for it was asked. */
  readonly sequence: number;
  /** When that was, on the monotonic clock. */
  readonly askedAt: number;
  /** Whether readers share its objects, which are frozen then, or each get their own. */
  readonly isShared: boolean;
  /** Redis does not have it: it was made while Redis was away, and is newer than anything there. */
  readonly isAhead?: boolean;
}

// What an entry costs beside its text: names, maps, the parsed value's objects.
const overheadBytes = 512;

/** A value in this process. Memory hands it to everybody who asks, so there it is frozen; without memory everybody gets a copy. */
export class Entry {
  readonly names: EntryNames;
  readonly freshUntil: number;
  readonly askedAt: number;
  readonly isAhead: boolean;
  readonly bytes: number;
  /** Moves forward as long as nothing hits it. */
  sequence: number;
  readonly #isShared: boolean;
  #text: string;
  #value: unknown;
  #isParsed = false;

  constructor({ names, text, freshUntil, sequence, askedAt, isShared, isAhead = false }: EntryFacts) {
    this.names = names;
    this.freshUntil = freshUntil;
    this.sequence = sequence;
    this.askedAt = askedAt;
    this.isAhead = isAhead;
    this.bytes = 2 * text.length + overheadBytes;
    this.#isShared = isShared;
    this.#text = text;
  }

  /** Parsed when it is first wanted. @throws {SyntaxError} when the text was cut */
  get value(): unknown {
    if (!this.#isParsed) this.parse();
    const value = this.#value;
    if (!this.#isShared && typeof value === 'object') this.#isParsed = false;
    return value;
  }

  /** Ahead of its first reader. @throws {SyntaxError} when the text was cut */
  parse(): void {
    this.#value = fromText(this.#text);
    this.#isParsed = true;
    if (!this.#isShared) return;
    deepFreeze(this.#value);
    this.#text = '';
  }
}

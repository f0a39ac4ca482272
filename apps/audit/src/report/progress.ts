import { readableCount, readableShare } from './units.js';

const EVERY_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** One line that keeps changing; silent unless it is a terminal. */
export class Progress {
  readonly #terminal: Terminal;
  #shownAt = -Infinity;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  show(keys: number, expectedKeys: number | undefined): void {
    const now = performance.now();
    if (!this.#terminal.isTTY || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    const share =
      expectedKeys === undefined ? '' : `, ${readableShare(Math.min(keys, expectedKeys), expectedKeys)}`;
    this.#terminal.write(`${CLEAR_LINE}${readableCount(keys)} keys${share} - Ctrl-C shows what was seen`);
  }

  clear(): void {
    if (this.#terminal.isTTY) this.#terminal.write(CLEAR_LINE);
  }
}

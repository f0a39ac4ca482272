import { Injectable } from '@nestjs/common';
import { TooManySignInsError } from './accounts.errors.js';

const SLOTS = 2;
const QUEUE_LENGTH = 64;
const RETRY_AFTER_SECONDS = 5;

/** Password hashes are slow on purpose: two run at a time in a process, a few wait, the rest is turned away. */
@Injectable()
export class HashSlots {
  #free = SLOTS;
  readonly #waiting: (() => void)[] = [];

  /** @throws TooManySignInsError when the queue is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> | void {
    if (this.#free > 0) return void this.#free--;
    if (this.#waiting.length >= QUEUE_LENGTH) throw new TooManySignInsError(RETRY_AFTER_SECONDS);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

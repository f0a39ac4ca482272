const mostPerSecond = 20;

/** Tells a trickle of errors from a loop that spins through them. */
export class ErrorRate {
  #windowFrom = -Infinity;
  #inWindow = 0;

  /** Counts an error at `now`, in milliseconds. */
  isTooHigh(now: number): boolean {
    if (now - this.#windowFrom >= 1000) {
      this.#windowFrom = now;
      this.#inWindow = 0;
    }
    this.#inWindow += 1;
    return this.#inWindow > mostPerSecond;
  }
}

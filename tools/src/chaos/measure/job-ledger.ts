import { type JobCounts } from './result.js';

/** What was asked of the queue, what the person was told, and how often the effect was made. */
export class JobLedger {
  readonly #told = new Map<string, 'accepted' | 'refused'>();
  readonly #effects = new Map<string, number>();

  /** A job, by a key that its effect shows again. */
  asked(key: string, isAccepted: boolean): void {
    this.#told.set(key, isAccepted ? 'accepted' : 'refused');
  }

  /** Sets how often the effect is there. */
  seen(key: string, effects: number): void {
    if (this.#told.has(key)) this.#effects.set(key, effects);
  }

  /** Accepted jobs without an effect so far. */
  get missing(): number {
    return this.counts().lost;
  }

  counts(): JobCounts {
    const keysOf = (told: string) => [...this.#told].filter(([, is]) => is === told).map(([key]) => key);
    const effectsOf = (key: string) => this.#effects.get(key) ?? 0;
    const accepted = keysOf('accepted');
    const done = accepted.filter((key) => effectsOf(key) > 0).length;
    return {
      accepted: accepted.length,
      done,
      lost: accepted.length - done,
      twice: [...this.#told.keys()].filter((key) => effectsOf(key) > 1).length,
      doneThoughRefused: keysOf('refused').filter((key) => effectsOf(key) > 0).length,
    };
  }
}

import { EventEmitter } from 'node:events';
import type { SessionClock } from '../session.clock.js';
import type { Heart } from './heart.js';

/** Why the data set is thought to have lost something. */
export type LossCause = 'new-data' | 'older-data' | 'failover';

/** What was known of the data set when a script was sent; only what it then forgot is a loss. */
export interface KnownHeart {
  readonly mark: string;
  readonly beat: number;
  /** Whether the data set is to be told that it may have lost something. */
  readonly isSuspect: boolean;
}

/** For how long after a reconnection an absence may be a loss that nobody has found yet, milliseconds. */
const suspicionMs = 3000;
/** By how much the clocks of two processes may differ, milliseconds. */
const skewMs = 5000;

/**
 * Tells a data set that lost something (FLUSHALL, an old dump, a failover that lost the last writes) from one that did not. Every
 * reply of a script carries the data set's heart, so an absence is judged by the data it was found in, and not by older news.
 */
export class HeartWatch {
  /** A data set that no process has seen for this long may be an old one, milliseconds. */
  readonly silenceMs = 10_000;
  readonly #events = new EventEmitter<{ loss: [LossCause] }>();
  #mark = '';
  #beat = 0;
  #since = 0;
  #lostAt = 0;
  #reconnectedAt = 0;
  #isSuspect = false;

  constructor(private readonly clock: SessionClock) {}

  get known(): KnownHeart {
    return { mark: this.#mark, beat: this.#beat, isSuspect: this.#isSuspect };
  }

  onLoss(listener: (cause: LossCause) => void): void {
    this.#events.on('loss', listener);
  }

  /** The mirror knows how far the data had come. */
  remember(beat: number): void {
    this.#beat = Math.max(this.#beat, beat);
  }

  /** Compares a reply's heart with what was known when its script was sent. */
  see(heart: Heart, before: KnownHeart): void {
    if (before.mark === this.#mark) this.#compare(heart, before);
    else if (heart.mark === before.mark) return; // A late reply from data that are known to be gone.
    this.adopt(heart);
  }

  /** Takes over what a script has just made of the heart. */
  adopt(heart: Heart): void {
    this.#mark = heart.mark || this.#mark;
    this.#beat = Math.max(this.#beat, heart.beat);
    this.#since = Math.max(this.#since, heart.since);
    if (this.#since >= this.#lostAt) this.#isSuspect = false;
  }

  /** The connection is another one: the data may be another server's, or may have lost the last moments. */
  reconnected(): void {
    this.#reconnectedAt = this.clock.now();
  }

  /** Another server took over, and what the last one had not passed on is gone. */
  failedOver(): void {
    this.#lose('failover');
  }

  /** Sessions last confirmed at or before this moment may be absent because they were lost; 0 when none may. */
  get lostBefore(): number {
    const isRecent = this.clock.now() - this.#reconnectedAt <= suspicionMs;
    const lost = Math.max(this.#since, this.#lostAt, isRecent ? this.#reconnectedAt : 0);
    return lost === 0 ? 0 : lost + skewMs;
  }

  #compare(heart: Heart, { mark, beat }: KnownHeart): void {
    const isOther = mark === '' ? heart.mark === '' && beat > 0 : heart.mark !== mark;
    if (!isOther && heart.beat >= beat) return;
    this.#beat = heart.beat;
    this.#lose(isOther ? 'new-data' : 'older-data');
  }

  #lose(cause: LossCause): void {
    this.#lostAt = this.clock.now();
    if (this.#isSuspect) return; // One loss is told once, however many replies show it.
    this.#isSuspect = true;
    this.#events.emit('loss', cause);
  }
}

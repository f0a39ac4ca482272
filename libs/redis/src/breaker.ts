import { breaksWhat, type FailureReason } from './classify.js';

/**
 * Reads and writes break apart: READONLY, OOM and NOREPLICAS leave reads alone. `write-when-full` is what a full server
 * still takes, such as deletions and scripts that may exceed its memory; it goes out whenever reads do.
 */
export type CommandKind = 'read' | 'write' | 'write-when-full';

/** What a group can do at the moment. */
export interface BreakerState {
  readonly reads: 'up' | 'down';
  readonly writes: 'up' | 'down';
  /** Why the last of the two went down; absent while both are up. */
  readonly reason?: FailureReason;
}

/** A group that breaks this soon after it came back is flapping, milliseconds. */
const flappingWithinMs = 2000;
/** The most good probes in a row that a flapping group is asked for. */
const mostAdmissions = 8;

/**
 * Decides, from failures and probes, what may be sent. A state machine without timers or I/O. It opens on
 * evidence from calls and closes only by {@link Breaker.admit}, so that no user's request is ever the test. A
 * group that flaps has to pass ever more probes in a row, so that users and logs see one outage instead of many.
 */
export class Breaker {
  #state: BreakerState = { reads: 'down', writes: 'down', reason: 'not-connected' };
  #consecutiveDeadlines = 0;
  #admissions = 0;
  #admissionsNeeded = 1;
  #upSince = -Infinity;

  constructor(
    private readonly deadlinesToOpen: number,
    private readonly changed: (state: BreakerState) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get state(): BreakerState {
    return this.#state;
  }

  allows(kind: CommandKind): boolean {
    return (kind === 'write' ? this.#state.writes : this.#state.reads) === 'up';
  }

  succeeded(): void {
    this.#consecutiveDeadlines = 0;
  }

  failed(reason: FailureReason): void {
    switch (breaksWhat(reason)) {
      case 'nothing':
        return;
      case 'if-repeated':
        this.#consecutiveDeadlines += 1;
        if (this.#consecutiveDeadlines >= this.deadlinesToOpen) this.#open('everything', reason);
        return;
      case 'writes':
        return this.#open('writes', reason);
      case 'everything':
        return this.#open('everything', reason);
    }
  }

  /** A probe saw the server work: fully, or for reads only, for the given reason. */
  admit(readOnlyBecause?: FailureReason): void {
    this.#consecutiveDeadlines = 0;
    if (this.#state.reads === 'down') {
      this.#admissions += 1;
      if (this.#admissions < this.#admissionsNeeded) return;
      this.#upSince = this.now();
    }
    this.#become(
      readOnlyBecause
        ? { reads: 'up', writes: 'down', reason: readOnlyBecause }
        : { reads: 'up', writes: 'up' },
    );
  }

  #open(what: 'writes' | 'everything', reason: FailureReason): void {
    this.#admissions = 0;
    if (this.#state.reads === 'down') return;
    if (what === 'everything') {
      const isFlapping = this.now() - this.#upSince < flappingWithinMs;
      this.#admissionsNeeded = isFlapping ? Math.min(2 * this.#admissionsNeeded, mostAdmissions) : 1;
    }
    this.#become({ reads: what === 'writes' ? 'up' : 'down', writes: 'down', reason });
  }

  #become(next: BreakerState): void {
    const { reads, writes } = this.#state;
    // A second reason for the same state is no transition: the first one is logged, the rest are counted.
    if (next.reads === reads && next.writes === writes) return;
    this.#state = next;
    this.changed(next);
  }
}

import type { Undo } from '../undo.js';
import { faults as catalogue } from './catalogue.js';
import { fits, type Fault } from './fault.js';
import type { FaultTarget } from './fault-target.js';

/** How to flip. */
export interface FlipOptions {
  readonly flips: number;
  /** The same seed makes the same choices. */
  readonly seed: number;
  /** @default all that fit the target */
  readonly faults?: readonly Fault[];
  /** Told after each flip. */
  readonly onFlip?: (flip: Flip) => void;
}

/** One flip: a fault went on or off at the target of that index. */
export interface Flip {
  readonly target: number;
  readonly fault: string;
  readonly isOn: boolean;
}

/**
 * Picks a target at random, `flips` times, and takes its fault away or, when it has none, puts a random one on it.
 * In the end all are taken away, also when one of them fails.
 */
export async function flipRandomly(targets: readonly FaultTarget[], options: FlipOptions): Promise<void> {
  const { flips, seed, faults = Object.values(catalogue), onFlip } = options;
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const active = new Map<FaultTarget, { readonly fault: Fault; readonly undo: Undo }>();
  try {
    for (let flip = 0; flip < flips; flip++) {
      const target = pick(targets);
      const before = active.get(target);
      const fault = before?.fault ?? pick(faults.filter((candidate) => fits(candidate, target)));
      if (before) await before.undo();
      if (before) active.delete(target);
      else active.set(target, { fault, undo: await fault.apply(target) });
      onFlip?.({ target: targets.indexOf(target), fault: fault.name, isOn: !before });
    }
  } finally {
    for (const { undo } of active.values()) await undo();
  }
}

/** Mulberry32: small, seeded, and good enough to choose with. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

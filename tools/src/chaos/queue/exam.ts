import { type Topology } from '@trivet/fault-kit';
import { type QueueChaosOptions } from './options.js';
import { type QueueStage } from './stage.js';
import { type Tally } from './tally.js';

/** Something promised, what was measured of it, and whether it holds. */
export interface Finding {
  readonly what: string;
  readonly is: string;
  readonly holds: boolean;
}

/** What an exam works with. */
export interface ExamParts {
  readonly stage: QueueStage;
  readonly options: QueueChaosOptions;
  /** Shows what is going on. */
  readonly say: (what: string) => void;
}

/** Puts a stage of its own through something, and says what came of it. */
export interface Exam {
  readonly name: string;
  readonly title: (options: QueueChaosOptions) => string;
  /** What its Redis stands on. @default 'standalone' */
  readonly topology?: Topology;
  /** Whether a proxy of this process stands in front of Redis, for faults of the network; it takes part in every call. @default false */
  readonly isProxied?: boolean;
  readonly sit: (parts: ExamParts) => Promise<Finding[]>;
}

/** A figure for the reader, with nothing promised about it. */
export const figure = (what: string, is: string | number): Finding => ({ what, is: String(is), holds: true });

export const atMost = (
  what: string,
  measured: number,
  { limit, unit = 'ms' }: { limit: number; unit?: string },
): Finding => ({
  what: `${what}, at most ${limit} ${unit}`,
  is: `${Math.round(measured * 10) / 10} ${unit}`,
  holds: measured <= limit,
});

/** The promise above all: what was accepted is done, once. */
export function kept(tally: Tally): Finding[] {
  const { accepted, lost, twice, unannounced } = tally;
  return [
    { what: 'accepted', is: String(accepted), holds: accepted > 0 },
    { what: 'accepted and not done', is: String(lost), holds: lost === 0 },
    { what: 'effects made more than once', is: String(twice), holds: twice === 0 },
    figure('done though nobody was told so (an answer that got lost)', unannounced),
  ];
}

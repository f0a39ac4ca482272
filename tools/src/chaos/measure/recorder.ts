import { type Ask } from '../load/ask.js';
import { type Answer } from '../load/send.js';
import { answerClasses, classify, type AnswerClass } from './classify.js';
import { latencyOf } from './percentile.js';
import { phaseNames, type Bin, type Counts, type PhaseName, type PhaseResult } from './result.js';

/** One answered request. */
export interface Sample {
  readonly at: number;
  readonly phase: PhaseName;
  readonly ms: number;
  readonly class: AnswerClass;
  readonly isHashing: boolean;
}

/** Width of a timeline's bins. */
export const BIN_MS = 250;

/** Collects what was answered, by the phase in which it was asked. */
export class Recorder {
  readonly samples: Sample[] = [];
  readonly #wrong = new Map<string, number>();
  phase: PhaseName = 'baseline';

  /** Notes an answer that has just come; `phase` is the one in which it was asked. */
  record(ask: Ask, answer: Answer, phase: PhaseName): void {
    const found = classify(ask, answer);
    const at = performance.now() - answer.ms;
    this.samples.push({ at, phase, ms: answer.ms, class: found, isHashing: ask.isHashing ?? false });
    if (['2xx', '3xx', '4xx', 'late', 'declared503'].includes(found)) return;
    const route = ask.path.replace(/\?.*/, '').replace(/[\da-f-]{36}/, ':id');
    const key = `${ask.method} ${ask.app}${route}: ${found}${answer.status > 0 ? ` ${answer.status}` : ''}`;
    this.#wrong.set(key, (this.#wrong.get(key) ?? 0) + 1);
  }

  /** What went wrong, most frequent first. */
  get wrong(): Record<string, number> {
    return Object.fromEntries([...this.#wrong].sort(([, a], [, b]) => b - a));
  }

  phases(): Record<PhaseName, PhaseResult> {
    const of = (phase: PhaseName) => summarise(this.samples.filter((sample) => sample.phase === phase));
    return Object.fromEntries(phaseNames.map((phase) => [phase, of(phase)])) as Record<
      PhaseName,
      PhaseResult
    >;
  }

  /** The timeline, relative to the moment the fault was on. */
  bins(faultAt: number): Bin[] {
    const bins = new Map<number, Sample[]>();
    for (const sample of this.samples) {
      const atMs = Math.floor((sample.at - faultAt) / BIN_MS) * BIN_MS;
      bins.set(atMs, [...(bins.get(atMs) ?? []), sample]);
    }
    return [...bins]
      .sort(([a], [b]) => a - b)
      .map(([atMs, samples]) => {
        const { answers, latency } = summarise(samples);
        return { atMs, answers, p50Ms: latency.p50Ms, maxMs: latency.maxMs };
      });
  }
}

function summarise(samples: readonly Sample[]): PhaseResult {
  return {
    answers: countClasses(samples),
    latency: latencyOf(samples.filter(({ isHashing }) => !isHashing).map(({ ms }) => ms)),
  };
}

function countClasses(samples: readonly Sample[]): Counts {
  const counts = answerClasses.map(
    (name) => [name, samples.filter((sample) => sample.class === name).length] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

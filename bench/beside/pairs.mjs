// Comparisons in pairs: each takes its turn, who begins alternates, and what counts is the median of the ratios.
import { performance } from 'node:perf_hooks';

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Measures both `pairs` times. `measure(one)` resolves to a number. Resolves to both medians and their ratio. */
export async function inPairs([ours, theirs], pairs, measure) {
  const rows = [];
  for (let index = 0; index < pairs; index += 1) {
    const row = new Map();
    for (const one of index % 2 ? [ours, theirs] : [theirs, ours]) row.set(one, await measure(one));
    rows.push(row);
  }
  const ratios = rows.map((row) => row.get(ours) / row.get(theirs));
  return {
    ours: median(rows.map((row) => row.get(ours))),
    theirs: median(rows.map((row) => row.get(theirs))),
    ratio: median(ratios),
    from: Math.min(...ratios),
    to: Math.max(...ratios),
  };
}

/** Seconds that `calls` calls take, so many at a time. */
export async function secondsFor(call, { calls, inFlight }) {
  let left = calls;
  const startedAt = performance.now();
  const lane = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (performance.now() - startedAt) / 1_000;
}

/** Runs `call` in `lanes` at once for `ms` milliseconds. Resolves to calls per second. */
export async function perSecond(call, { lanes, ms }) {
  const startedAt = performance.now();
  let calls = 0;
  const lane = async () => {
    for (; performance.now() - startedAt < ms; calls += 1) await call();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return (calls * 1_000) / (performance.now() - startedAt);
}

import { performance } from 'node:perf_hooks';

/** Seconds that `calls` calls take, so many at a time. */
export async function secondsFor(call, { calls, inFlight }) {
  let left = calls;
  const startedAt = performance.now();
  const lane = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return (performance.now() - startedAt) / 1000;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** Times two calls in turn, who goes first alternating, so that the machine's mood is the same for both. */
export async function inPairs([ours, theirs], { pairs, ...work }) {
  await secondsFor(theirs, work);
  await secondsFor(ours, work);
  const rows = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const row = {};
    for (const side of pair % 2 ? ['theirs', 'ours'] : ['ours', 'theirs']) {
      row[side] = await secondsFor(side === 'ours' ? ours : theirs, work);
    }
    rows.push(row);
  }
  const ratios = rows.map((row) => row.ours / row.theirs);
  return {
    ours: median(rows.map((row) => row.ours)),
    theirs: median(rows.map((row) => row.theirs)),
    ratio: median(ratios),
    from: Math.min(...ratios),
    to: Math.max(...ratios),
  };
}

import { expect, it } from '@jest/globals';
import { cellResult } from '../measure/cell-result.fixture.js';
import { type CellResult, type PhaseName, type PhaseResult } from '../measure/result.js';
import { judge, weatherOf } from './judge.js';

const calm = { p99Ms: 0, noiseMs: 0 };

const withPhase = (phase: PhaseName, change: Partial<PhaseResult>): CellResult => {
  const { phases } = cellResult();
  return cellResult({ phases: { ...phases, [phase]: { ...phases[phase], ...change } } });
};
const slow = (p99Ms: number): Partial<PhaseResult> => ({ latency: { p50Ms: 4, p99Ms, maxMs: p99Ms } });

it('finds nothing in a cell in which nothing went wrong', () => {
  expect(judge(cellResult(), calm)).toEqual([]);
});

it('allows 250 ms more while detecting and 15 ms more in the open state', () => {
  expect(judge(withPhase('detecting', slow(260)), calm)).toEqual([]);
  expect(judge(withPhase('detecting', slow(261)), calm)).toEqual([
    { budget: 'addedWhileDetectingMs', value: 251 },
  ]);
  expect(judge(withPhase('open', slow(25)), calm)).toEqual([]);
  expect(judge(withPhase('open', slow(26)), calm)).toEqual([{ budget: 'addedWhileOpenMs', value: 16 }]);
});

it('allows latencies what the machine moves without a fault', () => {
  expect(judge(withPhase('open', slow(40)), { ...calm, noiseMs: 20 })).toEqual([]);
});

it("compares with what is usual when the cell's own baseline was lucky", () => {
  expect(judge(withPhase('open', slow(40)), { p99Ms: 25, noiseMs: 0 })).toEqual([]);
});

it('counts wrong answers from the fault on, not before it', () => {
  expect(judge(withPhase('baseline', { answers: { timeout: 3 } }), calm)).toEqual([]);
  expect(judge(withPhase('recovering', { answers: { timeout: 3 } }), calm)).toEqual([
    { budget: 'timeouts', value: 3 },
  ]);
});

it('does not hold declared refusals against it', () => {
  expect(judge(withPhase('open', { answers: { declared503: 9 } }), calm)).toEqual([]);
});

it('allows a process one record when a group goes and one when it comes back', () => {
  const records = (learn: number) => judge(cellResult({ logRecords: { learn } }), calm);
  expect(records(2)).toEqual([]);
  expect(records(3)).toEqual([{ budget: 'logRecords', value: 1.5 }]);
});

it('allows a third record when the process is another after the boot', () => {
  expect(judge(cellResult({ when: 'boot', logRecords: { learn: 3 } }), calm)).toEqual([]);
});

it('takes full service that never came for a breach', () => {
  expect(judge(cellResult({ fullServiceMs: null }), calm).map(({ budget }) => budget)).toEqual([
    'fullServiceMs',
  ]);
});

it('compares a start without Redis with one that has it', () => {
  const restart = { stopMs: 100, startMs: 1_300, healthyStartMs: 1_000 };
  expect(judge(cellResult({ restart }), calm)).toEqual([{ budget: 'bootAddedMs', value: 300 }]);
});

it('takes a cell that could not be measured for red', () => {
  expect(judge(cellResult({ failure: 'no port' }), calm)).toContainEqual({ budget: 'measured', value: 1 });
});

it('takes the spread of the baselines for the noise', () => {
  const cells = [10, 10, 10, 12, 40].map((p99Ms) => withPhase('baseline', slow(p99Ms)));
  expect(weatherOf(cells)).toEqual({ p99Ms: 10, noiseMs: 30 });
  expect(weatherOf([])).toEqual(calm);
});

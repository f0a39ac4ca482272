import { expect, it } from '@jest/globals';
import { JobLedger } from './job-ledger.js';

it('tells done, lost, twice and done though refused apart', () => {
  const ledger = new JobLedger();
  for (const key of ['done', 'lost', 'twice']) ledger.asked(key, true);
  for (const key of ['refused', 'refused but done']) ledger.asked(key, false);
  ledger.seen('done', 1);
  ledger.seen('twice', 2);
  ledger.seen('refused but done', 1);
  expect(ledger.counts()).toEqual({ accepted: 3, done: 2, lost: 1, twice: 1, doneThoughRefused: 1 });
  expect(ledger.missing).toBe(1);
});

it('does not count the effects of other cells', () => {
  const ledger = new JobLedger();
  ledger.seen('of another cell', 2);
  expect(ledger.counts()).toMatchObject({ accepted: 0, twice: 0 });
});

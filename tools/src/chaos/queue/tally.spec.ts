import { expect, it } from '@jest/globals';
import { kept } from './exam.js';
import { delaysOf, tallyOf } from './tally.js';

const placed = (id: string, at = 0) => ({ id, placed: 'queue', at }) as const;
const effects = new Map([
  ['done', [120]],
  ['twice', [100, 140]],
  ['nobody was told', [100]],
]);

it('holds what was accepted against what was done', () => {
  const tally = tallyOf([placed('done'), placed('twice'), placed('lost')], effects);
  expect(tally).toEqual({ accepted: 3, done: 2, lost: 1, twice: 1, unannounced: 1 });
  expect(kept(tally).filter(({ holds }) => !holds)).toHaveLength(2);
});

it('is content when each job is done once', () => {
  const tally = tallyOf([placed('done')], new Map([['done', [1]]]));
  expect(kept(tally).every(({ holds }) => holds)).toBe(true);
});

it('accepts nothing as proof of nothing', () => {
  expect(kept(tallyOf([], new Map()))[0]).toMatchObject({ what: 'accepted', holds: false });
});

it('measures from the acceptance to the first effect', () => {
  expect(delaysOf([placed('done', 100), placed('twice', 90), placed('lost', 0)], effects)).toEqual([20, 10]);
});

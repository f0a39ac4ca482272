import { expect, it } from '@jest/globals';
import { readQueueOptions } from './options.js';

const exams = ['storm', 'races'];

it('takes minutes by default, and all it promises with --full', () => {
  expect(readQueueOptions([], exams)).toMatchObject({
    jobs: 20_000,
    perSecond: 1_000,
    races: 1_000,
    exams: [],
  });
  expect(readQueueOptions(['--full'], exams)).toMatchObject({
    jobs: 200_000,
    races: 10_000,
    outageSeconds: 600,
  });
  expect(readQueueOptions(['storm', '--jobs', '500', '--seed', '7'], exams)).toMatchObject({
    exams: ['storm'],
    jobs: 500,
    seed: 7,
  });
});

it.each([[['wind']], [['--jobs', 'many']], [['--jobs', '0']], [['--nothing']]])(
  'explains itself (%j)',
  (args) => {
    expect(() => readQueueOptions(args, exams)).toThrow(/Usage: npm run chaos -- queue/);
  },
);

import { expect, it } from '@jest/globals';
import { cellResult } from './measure/cell-result.fixture.js';
import { readOptions } from './options.js';
import { type Run } from './report/results-file.js';
import { cellsLeft, resumed } from './resume.js';

const run: Run = {
  startedAt: '2026-01-01T00:00:00.000Z',
  machine: '2 cores',
  command: null,
  cells: [cellResult(), cellResult({ id: 'kill cache mid-run', failure: 'no port' })],
};

it('goes on with the cells that were not reached, and with those that could not be measured', () => {
  const options = readOptions(['--resume', '--only', '^kill (session|cache) mid-run']);
  expect(cellsLeft(options, resumed(run, options)).map(({ id }) => id)).toEqual(['kill cache mid-run']);
});

it('leaves out what is to be measured again', () => {
  const options = readOptions(['--again', '--only', '^kill (session|cache) mid-run']);
  const again = new Set(['kill session mid-run']);
  expect(cellsLeft(options, resumed(run, options, again)).map(({ id }) => id)).toEqual([
    'kill session mid-run',
    'kill cache mid-run',
  ]);
});

it('does not go on with the results of another platform', () => {
  expect(() => resumed(run, readOptions(['--command', 'node other.js']))).toThrow(/the same --command/);
  expect(() => resumed({ ...run, command: 'node other.js' }, readOptions([]))).toThrow(/node other.js/);
});

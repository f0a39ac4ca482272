import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { cellResult } from '../measure/cell-result.fixture.js';
import { keptOf, readKept, writeKept } from './kept.js';
import { type Run } from './results-file.js';

let dir: string;
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'trivet-kept-'))));
afterEach(() => rm(dir, { recursive: true }));

const bins = [
  { atMs: -250, answers: { '2xx': 10 }, p50Ms: 4, maxMs: 9 },
  { atMs: 0, answers: { '2xx': 7, timeout: 3 }, p50Ms: 5, maxMs: 5_000 },
  { atMs: 250, answers: { timeout: 10 }, p50Ms: 5_000, maxMs: 5_001 },
];
const run: Run = {
  startedAt: '2026-01-01T00:00:00.000Z',
  machine: '2 cores',
  command: 'node other.js',
  cells: [cellResult({ bins }), cellResult({ id: 'hang cache boot', failure: 'no port' })],
};

it('keeps the timeline in half seconds', () => {
  expect(keptOf(run).cells['kill session mid-run']?.bins).toEqual([
    { atMs: -500, answers: { '2xx': 10 }, p50Ms: 4, maxMs: 9 },
    { atMs: 0, answers: { '2xx': 7, timeout: 13 }, p50Ms: 5_000, maxMs: 5_001 },
  ]);
});

it('reads what it has written, one line for each cell', async () => {
  const file = join(dir, 'kept.json');
  await writeKept(file, keptOf(run));
  expect(await readKept(file)).toEqual(keptOf(run));
  const lines = (await readFile(file, 'utf8')).split('\n');
  expect(lines.filter((line) => line.startsWith('"'))).toHaveLength(2);
});

it('keeps nothing when there is no file', async () => {
  expect(await readKept(join(dir, 'none.json'))).toBeUndefined();
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { addUp, closingLine, removeCounts, testedProjects } from './counts.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trivet-counts-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, value: unknown = ''): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(value));
}

it('takes every folder with a jest.config.js for a tested project', () => {
  for (const project of ['apps/learn', 'apps/learn-e2e', 'libs/redis', 'tools'])
    write(`${project}/jest.config.js`);
  write('libs/notes/README.md');
  expect(testedProjects(root).sort()).toEqual(['apps/learn', 'apps/learn-e2e', 'libs/redis', 'tools']);
});

it('adds up the projects, says what failed, and names those that left nothing', () => {
  write('libs/a/test-output/counts.json', { passed: 3, failed: 0, skipped: 1, failures: [] });
  write('libs/b/test-output/counts.json', {
    passed: 4,
    failed: 2,
    skipped: 0,
    failures: ['of one', 'of two'],
  });
  expect(addUp(root, ['libs/a', 'libs/b', 'libs/c'])).toEqual({
    counts: { passed: 7, failed: 2, skipped: 1 },
    failures: ['of one', 'of two'],
    silent: ['libs/c'],
  });
});

it('forgets the counts of an earlier run', () => {
  write('libs/a/test-output/counts.json', { passed: 3, failed: 0, skipped: 0, failures: [] });
  removeCounts(root, ['libs/a', 'libs/b']);
  expect(addUp(root, ['libs/a']).silent).toEqual(['libs/a']);
});

it('closes with passed and failed, and with skipped only when there are any', () => {
  expect(closingLine({ passed: 7, failed: 0, skipped: 0 })).toBe('7 passed, 0 failed');
  expect(closingLine({ passed: 7, failed: 2, skipped: 1 })).toBe('7 passed, 2 failed, 1 skipped');
});

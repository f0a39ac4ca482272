import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { StandIn } from '../testing/stand-in.js';
import { test } from './test.js';

let standIn: StandIn;

beforeEach(() => {
  standIn = new StandIn();
  for (const project of ['apps/site-e2e', 'libs/redis', 'tools'])
    standIn.write(`${project}/jest.config.js`, '');
});

afterEach(() => standIn.remove());

/** Runs the command with a stand-in for Nx: a shell script for each target. */
async function run(targets: { test: string; build?: string; e2e: string }) {
  const { build = 'true' } = targets;
  const script = `leave() { mkdir -p $1/test-output; echo "$2" > $1/test-output/counts.json; }
    case "$3" in test) ${targets.test};; build) ${build};; e2e) ${targets.e2e};; esac`;
  standIn.write('node_modules/.bin/nx', `#!/bin/sh\n${script}\n`);
  chmodSync(join(standIn.root, 'node_modules/.bin/nx'), 0o755);
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const exitCode = await test(standIn.root);
    return { exitCode, lines: log.mock.calls.map(([line]) => String(line)) };
  } finally {
    log.mockRestore();
  }
}

const left = (project: string, passed: number, failures: string[] = []): string =>
  `leave ${project} '${JSON.stringify({ passed, failed: failures.length, skipped: 0, failures })}'`;
const units = `${left('libs/redis', 3)}; ${left('tools', 2)}`;
const e2e = left('apps/site-e2e', 4);

it('ends with the sum of all projects', async () => {
  expect(await run({ test: units, e2e })).toEqual({ exitCode: 0, lines: ['9 passed, 0 failed'] });
});

it('fails by a failed test, still runs the end-to-end tests, and says at the end what failed', async () => {
  const failing = `${left('libs/redis', 2, ['one is not two'])}; ${left('tools', 2)}; exit 1`;
  expect(await run({ test: failing, e2e })).toEqual({
    exitCode: 1,
    lines: ['one is not two', '8 passed, 1 failed'],
  });
});

it('counts a project without counts as failed, whatever an earlier run left', async () => {
  standIn.write('tools/test-output/counts.json', '{"passed":99,"failed":0,"skipped":0,"failures":[]}');
  expect(await run({ test: left('libs/redis', 3), e2e })).toEqual({
    exitCode: 1,
    lines: ['tools left no counts: its tests did not run to their end.', '7 passed, 1 failed'],
  });
});

it('fails when the build fails, before any end-to-end test', async () => {
  expect(await run({ test: units, build: 'exit 1', e2e })).toEqual({
    exitCode: 1,
    lines: [
      'apps/site-e2e left no counts: its tests did not run to their end.',
      'The build failed, so no end-to-end test ran.',
      '5 passed, 1 failed',
    ],
  });
});

it('fails when Nx does although no test did', async () => {
  expect(await run({ test: `${units}; exit 1`, e2e })).toEqual({
    exitCode: 1,
    lines: ['9 passed, 1 failed'],
  });
});

it('fails when no test ran at all', async () => {
  const nothing = ['libs/redis', 'tools'].map((project) => left(project, 0)).join('; ');
  expect(await run({ test: nothing, e2e: left('apps/site-e2e', 0) })).toEqual({
    exitCode: 1,
    lines: ['No test passed.', '0 passed, 1 failed'],
  });
});

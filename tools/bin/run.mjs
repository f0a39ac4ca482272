// The door to every command: sets up what a fresh clone lacks, then hands over to the compiled tools.
// Node's own modules only, because it runs before `npm ci`.
import { existsSync } from 'node:fs';
import { build } from './set-up/build.mjs';
import { installDependencies } from './set-up/dependencies.mjs';
import { refuseOldNode } from './set-up/node-version.mjs';
import { chromium, ensureProgram, redisServer } from './set-up/programs.mjs';
import { SetUpError } from './set-up/step.mjs';

const root = new URL('../..', import.meta.url);
const cli = new URL('../dist/cli.js', import.meta.url);

const apps = ['@trivet/dashboard', '@trivet/learn', '@trivet/worker'];
/** What each command needs before it can run. `redis` needs nothing: without a build nothing is running. */
const needs = {
  start: { programs: [redisServer], projects: ['@trivet/tools', ...apps] },
  dev: { programs: [redisServer], projects: ['@trivet/tools'] },
  test: { programs: [redisServer, chromium], projects: ['@trivet/tools'] },
  check: { programs: [], projects: ['@trivet/tools'] },
  chaos: { programs: [redisServer], projects: ['@trivet/tools', ...apps] },
  bench: { programs: [redisServer], projects: ['@trivet/tools', '@trivet/plain', ...apps] },
  sessions: { programs: [], projects: ['@trivet/tools', '@trivet/dashboard'] },
  queue: { programs: [], projects: ['@trivet/tools', '@trivet/worker'] },
  user: { programs: [], projects: ['@trivet/tools', '@trivet/worker'] },
  redis: undefined,
};

async function setUp({ programs, projects }) {
  await installDependencies(root);
  for (const program of programs) await ensureProgram(program);
  await build(root, projects);
}

async function run(command, args) {
  if (!Object.hasOwn(needs, command)) {
    console.error(`Usage: node tools/bin/run.mjs ${Object.keys(needs).join('|')}`);
    return 2;
  }
  if (needs[command]) await setUp(needs[command]);
  if (!existsSync(cli)) {
    console.error('Nothing is running here. Start the platform with `npm start`.');
    return 2;
  }
  const { main } = await import(cli.href);
  return main(command, args);
}

// Without Nx's daemon nothing of ours goes on running in the background.
process.env.NX_DAEMON ??= 'false';
process.env.NX_TUI ??= 'false';
const [command = '', ...args] = process.argv.slice(2);
try {
  refuseOldNode(process.versions.node);
  process.exitCode = await run(command, args);
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  console.error(error.message);
  if (command === 'test') console.log('0 passed, 1 failed');
  process.exitCode = 1;
}

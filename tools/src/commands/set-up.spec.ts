import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { workspaceRoot } from '../workspace.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'trivet-set-up-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs code of a module script with a function of `bin/set-up` in scope; what it throws is printed. */
function run(name: string, module: string, code: string): string {
  const url = pathToFileURL(join(workspaceRoot, 'tools/bin/set-up', module)).href;
  const script = `import { ${name} } from '${url}'; try { ${code} } catch (error) { console.log(error.message); }`;
  const env = { ...process.env, NODE_OPTIONS: '', PATH: `${root}/bin:${process.env.PATH}` };
  const options: SpawnSyncOptionsWithStringEncoding = {
    cwd: root,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], options);
  return stdout + stderr;
}

function write(path: string, value: unknown): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), typeof value === 'string' ? value : JSON.stringify(value));
}

it.each(['18.20.4', '20.18.3'])('refuses Node %s in one sentence', (version) => {
  expect(run('refuseOldNode', 'node-version.mjs', `refuseOldNode('${version}')`)).toBe(
    `Trivet needs Node 20.19 or newer and this is ${version}: run \`nvm install\` or see https://nodejs.org.\n`,
  );
});

it.each(['20.19.0', '24.0.1'])('accepts Node %s', (version) => {
  expect(run('refuseOldNode', 'node-version.mjs', `refuseOldNode('${version}')`)).toBe('');
});

const lock = (version: string) => ({
  packages: {
    '': {},
    'libs/redis': { version: '0.1.0' },
    'node_modules/@trivet/redis': { resolved: 'libs/redis', link: true },
    'node_modules/zod': { version, integrity: `sha512-${version}` },
    'node_modules/for-another-system': { version: '1.0.0', optional: true },
  },
});
const installed = {
  packages: {
    'node_modules/@trivet/redis': { resolved: 'libs/redis', link: true },
    'node_modules/zod': { version: '4.6.7', integrity: 'sha512-4.6.7' },
  },
};

/** The calls of npm that a checkout leads to, which wants this version of zod. */
function callsOfNpm(wanted: string, found: unknown): string {
  write('bin/npm', '#!/bin/sh\necho "$@" >> calls\n');
  chmodSync(join(root, 'bin/npm'), 0o755);
  write('calls', '');
  write('package-lock.json', lock(wanted));
  if (found !== undefined) write('node_modules/.package-lock.json', found);
  run('installDependencies', 'dependencies.mjs', installHere());
  return readFileSync(join(root, 'calls'), 'utf8');
}

const installHere = (): string => `await installDependencies(new URL('${pathToFileURL(root).href}/'))`;

it('runs npm ci when nothing is installed, or another version', () => {
  expect(callsOfNpm('4.6.7', undefined)).toBe('ci --include=dev --no-audit --no-fund\n');
  expect(callsOfNpm('4.6.8', installed)).toBe('ci --include=dev --no-audit --no-fund\n');
});

it('leaves npm alone when all of it is installed but what is for other systems', () => {
  expect(callsOfNpm('4.6.7', installed)).toBe('');
});

it('shows what npm said when it failed', () => {
  write('bin/npm', '#!/bin/sh\necho "no such version" >&2\nexit 3\n');
  chmodSync(join(root, 'bin/npm'), 0o755);
  write('package-lock.json', lock('4.6.7'));
  expect(run('installDependencies', 'dependencies.mjs', installHere())).toBe(
    'no such version\n\n`npm ci --include=dev --no-audit --no-fund` ended with 3.\n',
  );
});

it('takes the first package manager there is, and says what a person would type', () => {
  const packages = "{ 'apt-get': 'redis-server', dnf: 'redis', brew: 'redis' }";
  const shown = (managers: string) =>
    run(
      'installCommand',
      'package-managers.mjs',
      `console.log(String(installCommand(${packages}, (name) => ${managers}.includes(name))?.shown))`,
    ).replace('sudo ', '');
  expect(shown("['dnf', 'apt-get']")).toBe('apt-get install -y redis-server\n');
  expect(shown("['dnf']")).toBe('dnf install -y redis\n');
  expect(shown("['brew']")).toBe('brew install redis\n');
  expect(shown('[]')).toBe('undefined\n');
});

it('finds a program on the PATH, leaves its path in its variable, and refuses a variable that names none', () => {
  write('bin/a-browser', '#!/bin/sh\n');
  chmodSync(join(root, 'bin/a-browser'), 0o755);
  const ensure = (given: string) =>
    run(
      'ensureProgram',
      'programs.mjs',
      `process.env.A_PATH = '${given}';
       await ensureProgram({ title: 'A', variable: 'A_PATH', names: ['none', 'a-browser'], packages: {} });
       console.log(process.env.A_PATH);`,
    );
  expect(ensure('')).toBe(`${root}/bin/a-browser\n`);
  expect(ensure('/bin/sh')).toBe('/bin/sh\n');
  expect(ensure('/nowhere')).toBe(
    'A_PATH names /nowhere, which cannot be run: correct it or take it away.\n',
  );
});

it('says which program is missing where no package manager is known', () => {
  const code = "await ensureProgram({ title: 'A', names: ['not-there'], packages: {} })";
  expect(run('ensureProgram', 'programs.mjs', code)).toBe(
    'A is missing: install it and put it on the PATH.\n',
  );
});

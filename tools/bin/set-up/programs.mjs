import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { installCommand } from './package-managers.mjs';
import { runQuietly, SetUpError, step } from './step.mjs';

/** What has to be on the machine, under which names it goes, and how each package manager calls it. */
export const redisServer = {
  title: 'redis-server',
  names: ['redis-server'],
  packages: { 'apt-get': 'redis-server', dnf: 'redis', brew: 'redis' },
};

export const chromium = {
  title: 'Chromium',
  variable: 'CHROMIUM_PATH',
  names: [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  packages: { 'apt-get': 'chromium', dnf: 'chromium', brew: '--cask chromium' },
};

/** Finds the program or has it installed; leaves its path in its variable for the processes started later. */
export async function ensureProgram(program) {
  const path = find(program) ?? (await install(program));
  if (program.variable) process.env[program.variable] = path;
}

function find({ variable, names }) {
  const given = variable && process.env[variable];
  if (!given) return names.map(onPath).find(Boolean);
  if (isExecutable(given)) return given;
  throw new SetUpError(`${variable} names ${given}, which cannot be run: correct it or take it away.`);
}

function onPath(name) {
  if (isAbsolute(name)) return isExecutable(name) ? name : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function install(program) {
  const command = installCommand(program.packages, onPath);
  if (!command) throw new SetUpError(`${program.title} is missing: install it and put it on the PATH.`);
  if (!mayInstallUnasked()) await askFor(program, command.shown);
  await step(`Installing ${program.title} (${command.manager})`, () =>
    runQuietly('sh', ['-c', command.script]),
  );
  const path = find(program);
  if (path) return path;
  throw new SetUpError(`\`${command.shown}\` went well, yet there is no ${program.title} on the PATH.`);
}

/** Root of a throw-away machine: nobody's laptop is changed without a question. */
function mayInstallUnasked() {
  const isRoot = process.getuid?.() === 0;
  const inContainer =
    Boolean(process.env.container) || ['/.dockerenv', '/run/.containerenv'].some(existsSync);
  return isRoot && (Boolean(process.env.CI) || inContainer);
}

async function askFor({ title }, shown) {
  const refusal = new SetUpError(`${title} is missing. Install it, then run this again:\n\n  ${shown}`);
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw refusal;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${title} is missing. Install it by \`${shown}\`? [Y/n] `);
  terminal.close();
  if (!/^(y|yes|)$/i.test(answer.trim())) throw refusal;
}

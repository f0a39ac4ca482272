import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Urls } from '../platform/launch.js';
import { type Ports } from '../platform/ports.js';

/** What other commands may know of the platform that runs in this checkout. */
export interface Run {
  /** The process of `npm start`. */
  readonly pid: number;
  readonly startedAt: string;
  readonly urls: Urls;
  readonly ports: Ports;
  readonly databaseUrl: string;
  /** At the time of the last change: `npm run redis -- status` asks the supervisor. */
  readonly pids: Readonly<Record<string, number>>;
}

export const dataDirOf = (root: string): string => join(root, '.trivet');
const fileOf = (root: string): string => join(dataDirOf(root), 'run.json');

export function readRun(root: string): Run {
  return JSON.parse(readFileSync(fileOf(root), 'utf8')) as Run;
}

/** Replaces the file at once: a reader never sees half of it. It holds the database's password. */
export function writeRun(root: string, run: Run): void {
  const file = fileOf(root);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRun(root: string): void {
  rmSync(fileOf(root), { force: true });
}

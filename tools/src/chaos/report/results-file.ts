import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type CellResult } from '../measure/result.js';

/** A run, as it is kept in chaos.json. */
export interface Run {
  readonly startedAt: string;
  readonly machine: string;
  readonly command: string | null;
  readonly cells: readonly CellResult[];
}

/** Replaces the file in one step, so an interrupted run can be resumed. */
export async function writeRun(path: string, run: Run): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, `${JSON.stringify(run, null, 1)}\n`);
  await rename(`${path}.new`, path);
}

/** The run that the file holds; undefined when there is none. */
export async function readRun(path: string): Promise<Run | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Run;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** A command line of a program that npm installed here. */
export type Task = readonly [program: string, ...args: string[]];

const binary = (name: string): string => `node_modules/.bin/${name}`;

export const nx = (...args: string[]): Task => [binary('nx'), ...args, '--outputStyle=static'];
export const prettier = (...args: string[]): Task => [binary('prettier'), ...args];

/** Runs a task with its output on the terminal; says whether it went well. */
export async function runVisibly([program, ...args]: Task, cwd: string): Promise<boolean> {
  const child = spawn(program, args, { cwd, stdio: 'inherit' });
  return succeeded(child);
}

/** What came of a task, and all it printed. */
export interface Outcome {
  readonly isGood: boolean;
  readonly output: string;
}

export async function runQuietly([program, ...args]: Task, cwd: string): Promise<Outcome> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [isGood, output, errors] = await Promise.all([
    succeeded(child),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { isGood, output: output + errors };
}

async function succeeded(child: NodeJS.EventEmitter): Promise<boolean> {
  const [code] = (await once(child, 'close')) as [number | null];
  return code === 0;
}

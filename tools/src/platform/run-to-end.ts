import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { AppStartError } from './errors.js';
import { type Launch } from './app-process.js';

/**
 * Runs a process of the platform to its end.
 *
 * @throws AppStartError unless it ends with 0.
 */
export async function runToEnd(launch: Omit<Launch, 'readyUrl'>, signal?: AbortSignal): Promise<void> {
  const { name, args, cwd, env, log } = launch;
  const child = spawn(process.execPath, args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      log(line, name);
    });
  }
  const [code, by] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new AppStartError(`${name} ended with ${code ?? by}`, lines.slice(-20));
}

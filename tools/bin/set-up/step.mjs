import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';

/** The set-up cannot go on; the message is all a person needs. */
export class SetUpError extends Error {}

const QUIET_MS = 1_500;

/** Runs `work` under a title: silent when it is done at once, otherwise one line that ends with its seconds. */
export async function step(title, work) {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1_000).toFixed(1)} s`;
  let announced = false;
  const announce = setTimeout(() => {
    announced = true;
    process.stderr.write(`${title} ... `);
  }, QUIET_MS);
  try {
    const result = await work();
    if (announced) process.stderr.write(`${seconds()}\n`);
    return result;
  } catch (error) {
    if (announced) process.stderr.write(`failed after ${seconds()}\n`);
    throw error;
  } finally {
    clearTimeout(announce);
  }
}

/**
 * Runs a program to its end without showing what it prints.
 *
 * @throws SetUpError with all it printed, when it fails.
 */
export function runQuietly(command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => reject(new SetUpError(`Could not run ${command}: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const line = [command, ...args].join(' ').split('\n', 1)[0];
      reject(new SetUpError(`${output.join('').trimEnd()}\n\n\`${line}\` ended with ${code ?? signal}.`));
    });
  });
}

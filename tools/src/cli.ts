import { inspect } from 'node:util';
import { chaos } from './chaos/chaos.js';
import { bench } from './commands/bench.js';
import { check } from './commands/check.js';
import { databaseCommand } from './commands/database-command.js';
import { redis } from './commands/redis.js';
import { sessions } from './commands/sessions.js';
import { start } from './commands/start.js';
import { test } from './commands/test.js';
import { AppStartError } from './platform/errors.js';

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  start: () => start('dist'),
  dev: () => start('source'),
  test: () => test(),
  check: () => check(),
  redis: (args) => redis(args),
  chaos: (args) => chaos(args),
  bench: (args) => bench(args),
  sessions: (args) => sessions(args),
  user: (args) => databaseCommand('apps/worker/dist/user.js', args),
  queue: (args) => databaseCommand('apps/worker/dist/queue.js', args),
};

/** Runs a command of `bin/run.mjs` and resolves to its exit code. */
export async function main(command: string, args: readonly string[]): Promise<number> {
  const run = commands[command];
  if (run === undefined)
    throw new Error(`Expected one of ${Object.keys(commands).join(', ')}, got \`${command}\`.`);
  try {
    return await run(args);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return 1;
  }
}

/** A sentence for what is known to go wrong, the whole error for the rest. */
function explain(error: unknown): string {
  if (error instanceof AppStartError) return `${error.what}; its last lines are above.`;
  return error instanceof Error && 'code' in error ? error.message : inspect(error);
}

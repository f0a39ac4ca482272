import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Undo } from '../undo.js';
import { once } from '../undo.js';
import { eventually } from '../wait.js';
import type { RedisServer } from './redis-server.js';

const AOF_DEADLINE_MS = 10_000;

const dumpFile = (server: RedisServer): string => join(server.dir, 'dump.rdb');

/** The whole dataset as an RDB file's content. */
export async function takeDump(server: RedisServer): Promise<Buffer> {
  await server.command('SAVE');
  const dump = await readFile(dumpFile(server));
  // Left where it is, a server without an append-only file would load it at its next start.
  await rm(dumpFile(server));
  return dump;
}

/**
 * Kills the server and starts it with another dataset, `undefined` being the empty one. Resolves while it is still
 * loading; the returned function waits for the end of that and puts the append-only file in order.
 */
export async function startWithDump(
  server: RedisServer,
  dump: Buffer | undefined,
  args: readonly string[] = [],
): Promise<Undo> {
  const [, appendOnly] = (await server.command('CONFIG', 'GET', 'appendonly')) as string[];
  await server.kill();
  await rm(join(server.dir, 'appendonlydir'), { recursive: true, force: true });
  if (dump) await writeFile(dumpFile(server), dump);
  // With the append-only file on, Redis would not look at the dump.
  await server.start(['--appendonly', 'no', ...args]);
  return once(async () => {
    await server.ready();
    await rm(dumpFile(server), { force: true });
    if (appendOnly !== 'yes') return;
    await server.command('CONFIG', 'SET', 'appendonly', 'yes');
    await eventually(async () => !(await isRewriting(server)), AOF_DEADLINE_MS);
  });
}

async function isRewriting(server: RedisServer): Promise<boolean> {
  const info = String(await server.command('INFO', 'persistence'));
  return /aof_rewrite_(in_progress|scheduled):1/.test(info);
}

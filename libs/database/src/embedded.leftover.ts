import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { DataDirectoryInUseError } from './embedded.errors.js';
import { embeddedUrl } from './embedded.url.js';

const STOP_DEADLINE_MS = 10_000;

/**
 * Frees a data directory from a PostgreSQL that outlived the process which started it (SIGKILL, closed terminal).
 * One whose starter still lives is not touched.
 *
 * @throws DataDirectoryInUseError when the directory belongs to a running platform, or to a server that does not answer
 */
export async function endLeftover(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  const [pid, , , port] = (await readFile(lockFile, 'utf8').catch(() => '')).split('\n').map(Number);
  // PostgreSQL itself clears a lock file whose process is gone.
  if (!pid || !port || !isAlive(pid)) return;
  const owner = await askOwner(dataDir, port);
  if (owner === 'nobody listens') return rm(lockFile); // The number went to some other process since.
  if (owner !== 'unknown') {
    if (isAlive(owner)) throw new DataDirectoryInUseError(dataDir, pid);
    process.kill(pid, 'SIGINT');
  }
  // One of unknown owner may just be shutting down.
  if (!(await released(lockFile))) throw new DataDirectoryInUseError(dataDir, pid);
}

type Owner = number | 'nobody listens' | 'unknown';

/** The pid of the Node process that started the server on this port, if it serves this directory. */
async function askOwner(dataDir: string, port: number): Promise<Owner> {
  const client = new Client({
    connectionString: embeddedUrl(port),
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const sql = `select current_setting('data_directory') as dir, current_setting('trivet.owner', true) as owner`;
    const { rows } = await client.query<{ dir: string; owner: string | null }>(sql);
    return rows[0]?.dir === dataDir && rows[0].owner ? Number(rows[0].owner) : 'unknown';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED' ? 'nobody listens' : 'unknown';
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Not our child, so no exit event comes; and where nothing reaps it, its pid stays. Its lock file is what goes. */
async function released(lockFile: string): Promise<boolean> {
  const endsAt = Date.now() + STOP_DEADLINE_MS;
  while (existsSync(lockFile) && Date.now() < endsAt) await delay(20);
  return !existsSync(lockFile);
}

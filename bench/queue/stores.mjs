import { EmbeddedPostgres } from '@trivet/database/embedded';
import { RedisServer } from '@trivet/fault-kit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis with AOF everysec and a PostgreSQL with fsync on: both as durable as in production. */
export async function startStores() {
  const redis = await RedisServer.start({ appendOnly: true, args: ['--appendfsync', 'everysec'] });
  const postgres = await startPostgres();
  return {
    redis,
    postgres,
    async stop() {
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}

/** With fsync on. */
export async function startPostgres() {
  const dir = await mkdtemp(join(tmpdir(), 'trivet-bench-'));
  const postgres = await EmbeddedPostgres.start({ dataDir: join(dir, 'postgres'), endsWithUs: true });
  return {
    url: postgres.url,
    async stop() {
      await postgres.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

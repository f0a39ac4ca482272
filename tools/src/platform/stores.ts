import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { RedisServer, type RedisServerOptions } from '@trivet/fault-kit';
import { groupNames, mapNames, type GroupName } from '../workspace.js';
import { type Ports } from './ports.js';

/** DESIGN, section 1: what may not be lost is appended to a file and never evicted; the cache is neither. */
const keepsEverything: RedisServerOptions = {
  appendOnly: true,
  args: ['--appendfsync', 'everysec'],
  maxMemory: '128mb',
  maxMemoryPolicy: 'noeviction',
};

const groups: Record<GroupName, RedisServerOptions> = {
  session: keepsEverything,
  cache: { maxMemory: '64mb', maxMemoryPolicy: 'allkeys-lfu' },
  queue: keepsEverything,
};

export type RedisGroups = Readonly<Record<GroupName, RedisServer>>;

/** The three Redises and PostgreSQL. */
export class Stores {
  private constructor(
    readonly redis: RedisGroups,
    readonly databaseUrl: string,
    readonly postgres: EmbeddedPostgres | undefined,
  ) {}

  /** Without `dataDir` the data is gone after `stop()`; with `databaseUrl` no PostgreSQL is started. */
  static async start(ports: Ports, dataDir?: string, databaseUrl?: string): Promise<Stores> {
    const stores = {
      ...mapNames(groupNames, (group) => startRedis(group, ports[`${group}Redis`], dataDir)),
      postgres:
        databaseUrl === undefined ? startPostgres(ports.postgres, dataDir) : Promise.resolve(undefined),
    };
    try {
      const [session, cache, queue, postgres] = await Promise.all([
        stores.session,
        stores.cache,
        stores.queue,
        stores.postgres,
      ]);
      return new Stores({ session, cache, queue }, databaseUrl ?? postgres?.url ?? '', postgres);
    } catch (error) {
      const results = await Promise.allSettled<RedisServer | EmbeddedPostgres | undefined>(
        Object.values(stores),
      );
      await Promise.all(results.map(async (result) => result.status === 'fulfilled' && result.value?.stop()));
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...Object.values(this.redis), this.postgres].map(async (store) => store?.stop()));
  }
}

async function startRedis(group: GroupName, port: number, dataDir?: string): Promise<RedisServer> {
  const options = { ...groups[group], port };
  if (dataDir === undefined) return RedisServer.start(options);
  const dir = join(dataDir, `redis-${group}`);
  await mkdir(dir, { recursive: true });
  return RedisServer.start({ ...options, dir });
}

function startPostgres(port: number, dataDir?: string): Promise<EmbeddedPostgres> {
  return EmbeddedPostgres.start({
    port,
    ...(dataDir !== undefined && { dataDir: join(dataDir, 'postgres') }),
  });
}

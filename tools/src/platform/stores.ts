import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { RedisServer, type ServerSettings } from '@trivet/fault-kit';
import { LocalMail } from '../mail/local-mail.js';
import { groupNames, mapNames, type GroupName } from '../workspace.js';
import { type Ports } from './ports.js';

/** DESIGN, section 1: what may not be lost is appended to a file and never evicted; the cache is neither. */
const keepsEverything: ServerSettings = {
  appendOnly: true,
  args: ['--appendfsync', 'everysec'],
  maxMemory: '128mb',
  maxMemoryPolicy: 'noeviction',
};

/** How the server of each group is set up. */
export const groupSettings: Readonly<Record<GroupName, ServerSettings>> = {
  session: keepsEverything,
  cache: { maxMemory: '64mb', maxMemoryPolicy: 'allkeys-lfu' },
  queue: keepsEverything,
};

export type RedisGroups = Readonly<Record<GroupName, RedisServer>>;

export type RedisUrls = Readonly<Record<GroupName, string>>;

/** Where the stores are kept, and which of them run already. */
export interface StoresOptions {
  /** @default none: the data is gone after `stop()` */
  readonly dataDir?: string | undefined;
  /** @default none: a PostgreSQL is started */
  readonly databaseUrl?: string | undefined;
  /** @default none: three Redises are started */
  readonly redisUrls?: RedisUrls | undefined;
}

/** The three Redises and PostgreSQL, and a mail server. */
export class Stores {
  private constructor(
    /** Undefined when they were given from outside. */
    readonly redis: RedisGroups | undefined,
    readonly redisUrls: RedisUrls,
    readonly postgres: EmbeddedPostgres | undefined,
    readonly databaseUrl: string,
    readonly mail: LocalMail,
  ) {}

  /** Starts what was not given. */
  static async start(ports: Ports, options: StoresOptions = {}): Promise<Stores> {
    const { dataDir, databaseUrl, redisUrls } = options;
    const servers =
      redisUrls === undefined
        ? groupNames.map((group) => startRedis(group, ports[`${group}Redis`], dataDir))
        : [];
    const starting = databaseUrl === undefined ? startPostgres(ports.postgres, dataDir) : undefined;
    const mailing = startMail(ports, dataDir);
    try {
      const [session, cache, queue] = await Promise.all(servers);
      const [postgres, mail] = await Promise.all([starting, mailing]);
      const redis = session && cache && queue && { session, cache, queue };
      const urls = redisUrls ?? mapNames(groupNames, (group) => redis?.[group].url ?? '');
      return new Stores(redis, urls, postgres, databaseUrl ?? postgres?.url ?? '', mail);
    } catch (error) {
      const results = await Promise.allSettled<{ stop(): Promise<unknown> } | undefined>([
        ...servers,
        starting,
        mailing,
      ]);
      await Promise.all(results.map(async (result) => result.status === 'fulfilled' && result.value?.stop()));
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...Object.values(this.redis ?? {}), this.postgres, this.mail].map(async (store) => store?.stop()),
    );
  }
}

async function startRedis(group: GroupName, port: number, dataDir?: string): Promise<RedisServer> {
  const options = { ...groupSettings[group], port };
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

function startMail({ smtp, mail }: Ports, dataDir?: string): Promise<LocalMail> {
  const dir = dataDir === undefined ? undefined : join(dataDir, 'mail');
  return LocalMail.start({ smtpPort: smtp, pagePort: mail, dir });
}

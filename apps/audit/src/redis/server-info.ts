/** What INFO tells about the whole server, in bytes. */
export interface ServerInfo {
  readonly version: string;
  readonly role: string;
  readonly isClusterNode: boolean;
  readonly isLoading: boolean;
  readonly uptimeSeconds: number;
  readonly usedBytes: number;
  readonly peakBytes: number;
  readonly residentBytes: number;
  readonly datasetBytes: number;
  /** 0 when there is no limit. */
  readonly maxBytes: number;
  readonly policy: string;
  readonly fragmentationRatio: number;
  readonly evictedKeys: number;
  readonly expiredKeys: number;
  /** Keys by database number. */
  readonly keysByDatabase: Readonly<Record<number, number>>;
}

/** Reads the text of INFO; what a server does not tell is 0 or `unknown`. */
export function parseServerInfo(info: string): ServerInfo {
  const fields = new Map(
    info.split(/\r?\n/).map((line): [string, string] => {
      const [name = '', ...value] = line.split(':');
      return [name, value.join(':')];
    }),
  );
  const text = (name: string) => fields.get(name) ?? 'unknown';
  const number = (name: string) => Number(fields.get(name) ?? 0) || 0;
  return {
    version: text('redis_version'),
    role: text('role'),
    isClusterNode: number('cluster_enabled') === 1,
    isLoading: number('loading') === 1,
    uptimeSeconds: number('uptime_in_seconds'),
    usedBytes: number('used_memory'),
    peakBytes: number('used_memory_peak'),
    residentBytes: number('used_memory_rss'),
    datasetBytes: number('used_memory_dataset'),
    maxBytes: number('maxmemory'),
    policy: text('maxmemory_policy'),
    fragmentationRatio: number('mem_fragmentation_ratio'),
    evictedKeys: number('evicted_keys'),
    expiredKeys: number('expired_keys'),
    keysByDatabase: keysByDatabase(fields),
  };
}

function keysByDatabase(fields: ReadonlyMap<string, string>): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const [name, value] of fields) {
    const database = /^db(\d+)$/.exec(name)?.[1];
    const keys = /^keys=(\d+)/.exec(value)?.[1];
    if (database !== undefined && keys !== undefined) counts[Number(database)] = Number(keys);
  }
  return counts;
}

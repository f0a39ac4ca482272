import { setTimeout as sleep } from 'node:timers/promises';
import { type Redis } from 'ioredis';

/** One key as it was when it was looked at. */
export interface MeasuredKey {
  /** Bytes, because a name need not be text. */
  readonly name: Buffer;
  readonly type: string;
  readonly bytes: number;
  /** Milliseconds left, `null` when it never expires. */
  readonly ttlMs: number | null;
}

export interface Batch {
  readonly keys: readonly MeasuredKey[];
  /** Keys that went away between SCAN and the questions about them. */
  readonly vanished: number;
}

export interface ScanOptions {
  readonly match?: string | undefined;
  readonly samples: number;
  readonly batch: number;
  readonly pauseMs: number;
  readonly signal: AbortSignal;
}

/**
 * Walks the selected database in batches of two round trips. As with every SCAN, a key that is there all the time is
 * seen at least once, rarely twice.
 *
 * @returns whether the walk came to its end before `signal` did.
 */
export async function scanKeys(
  redis: Redis,
  options: ScanOptions,
  onBatch: (batch: Batch) => void,
): Promise<boolean> {
  const filter = options.match === undefined ? [] : ['MATCH', options.match];
  let cursor = '0';
  do {
    const reply = await redis.callBuffer('SCAN', cursor, ...filter, 'COUNT', options.batch);
    const [next, names] = reply as [Buffer, Buffer[]];
    onBatch(await measure(redis, unique(names), options.samples));
    cursor = next.toString();
    await pause(options);
  } while (cursor !== '0' && !options.signal.aborted);
  return cursor === '0';
}

async function pause({ pauseMs, signal }: ScanOptions): Promise<void> {
  if (pauseMs === 0) return;
  try {
    await sleep(pauseMs, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function unique(names: readonly Buffer[]): Buffer[] {
  return [...new Map(names.map((name) => [name.toString('latin1'), name])).values()];
}

async function measure(redis: Redis, names: readonly Buffer[], samples: number): Promise<Batch> {
  if (names.length === 0) return { keys: [], vanished: 0 };
  const pipeline = redis.pipeline();
  for (const name of names) pipeline.memory('USAGE', name, 'SAMPLES', samples).type(name).pttl(name);
  const replies = (await pipeline.exec()) ?? [];
  const values = replies.map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  const keys = names.flatMap((name, index) => {
    const [bytes, type, ttlMs] = values.slice(index * 3, index * 3 + 3) as [number | null, string, number];
    const vanished = bytes === null || type === 'none' || ttlMs === -2;
    return vanished ? [] : [{ name, type, bytes, ttlMs: ttlMs === -1 ? null : ttlMs }];
  });
  return { keys, vanished: names.length - keys.length };
}

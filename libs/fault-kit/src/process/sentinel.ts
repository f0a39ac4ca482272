import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from '../resp/connection.js';
import { findPlace, RedisProcess, type Place } from './redis-process.js';

/** What a Sentinel watches. */
export interface SentinelOptions {
  readonly name: string;
  readonly master: { readonly host: string; readonly port: number };
  readonly quorum: number;
  readonly downAfterMs: number;
}

// With Sentinel's own pace (INFO every 10 s, hello every 2 s) a topology takes long to settle. The
// ping period stays above 200 ms: a replica whose INFO is older than five of them is not promoted, and once the
// master is down Sentinel asks for INFO only every second.
const PACE = ['info-period', 200, 'publish-period', 100, 'ping-period', 300, 'ask-period', 100];

/** A real Sentinel, which is `redis-server --sentinel` with a file it writes its state to. */
export class Sentinel extends RedisProcess {
  readonly #config: string;

  private constructor(place: Place) {
    super(place);
    this.#config = join(place.dir, 'sentinel.conf');
  }

  static async start({ name, master, quorum, downAfterMs }: SentinelOptions): Promise<Sentinel> {
    const sentinel = new Sentinel(await findPlace({}));
    const lines = [
      `port ${sentinel.port}`,
      `bind ${sentinel.host}`,
      `dir "${sentinel.dir}"`,
      `sentinel monitor ${name} ${master.host} ${master.port} ${quorum}`,
      `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
      `sentinel failover-timeout ${name} 4000`,
    ];
    await writeFile(sentinel.#config, lines.join('\n'));
    try {
      await sentinel.start();
    } catch (error) {
      await sentinel.stop();
      throw error;
    }
    return sentinel;
  }

  /** Starts it again with the state it had; does nothing while it is up. */
  async start(): Promise<void> {
    if (this.isUp) return;
    await this.launch([this.#config, '--sentinel']);
    await this.command('SENTINEL', 'DEBUG', ...PACE);
  }

  protected override get address(): Address {
    return { host: this.host, port: this.port };
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../errors.js';
import type { Reply } from '../resp/resp.js';
import { once, type Undo } from '../undo.js';
import { eventually } from '../wait.js';
import type { RedisProcess } from './redis-process.js';
import { RedisServer, type ServerSettings } from './redis-server.js';
import { Sentinel } from './sentinel.js';

/** The shape of a Sentinel topology. */
export interface SentinelClusterOptions {
  /** @default 2 */
  readonly replicas?: number;
  /** @default 3 */
  readonly sentinels?: number;
  /** Silence after which a Sentinel takes an instance for down. @default 500 */
  readonly downAfterMs?: number;
  /** What clients ask the Sentinels for. @default 'mymaster' */
  readonly name?: string;
  /** For the master and the replicas. @default in memory, no limit */
  readonly server?: ServerSettings;
}

const SETTLE_DEADLINE_MS = 15_000;

/** A real master with its replicas and Sentinels, all on free ports. */
export class SentinelCluster {
  /** What clients ask the Sentinels for. */
  readonly name: string;
  /** `redis-sentinel://127.0.0.1:port,127.0.0.1:port,.../0#name` */
  readonly url: string;
  /** Every server; the first one was the master at start. */
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly Sentinel[];

  private constructor(name: string, servers: readonly RedisServer[], sentinels: readonly Sentinel[]) {
    this.name = name;
    this.url = `redis-sentinel://${sentinels.map(({ host, port }) => `${host}:${port}`).join(',')}/0#${name}`;
    this.servers = servers;
    this.sentinels = sentinels;
  }

  /** Resolves once every replica is in sync and every Sentinel knows all the others. */
  static async start(options: SentinelClusterOptions = {}): Promise<SentinelCluster> {
    const { replicas = 2, sentinels = 3, downAfterMs = 500, name = 'mymaster', server } = options;
    const started: RedisProcess[] = [];
    const keep = <P extends RedisProcess>(process: P): P => (started.push(process), process);
    try {
      const master = keep(await RedisServer.start(server));
      const startReplica = async () => keep(await RedisServer.start({ ...server, replicaOf: master }));
      const servers = [master, ...(await all(replicas, startReplica))];
      const watched = { name, master, quorum: Math.floor(sentinels / 2) + 1, downAfterMs };
      const watchers = await all(sentinels, async () => keep(await Sentinel.start(watched)));
      const cluster = new SentinelCluster(name, servers, watchers);
      await cluster.#settled();
      return cluster;
    } catch (error) {
      await Promise.all(started.map((process) => process.stop()));
      throw error;
    }
  }

  /** The server the Sentinels name now. */
  async master(): Promise<RedisServer> {
    const sentinel = this.sentinels.find(({ isUp }) => isUp);
    const port = sentinel && (await this.#masterPort(sentinel));
    const master = this.servers.find((server) => server.port === port);
    if (!master) throw new Error('No Sentinel is up, or it names a master that is not of this cluster.');
    return master;
  }

  /**
   * Kills the master and resolves once the Sentinels have promoted a replica. Undo starts the old master again as
   * a replica of the new one.
   */
  async failover(): Promise<Undo> {
    const old = await this.master();
    await old.kill();
    await this.#until('promote a replica', () => this.#hasPromoted(old));
    return once(async () => {
      const { host, port } = await this.master();
      await old.start(['--replicaof', host, String(port)]);
      await this.#settled();
    });
  }

  /**
   * A failover before which no replica gets anything for `lossMs`: the master acknowledges writes meanwhile, and
   * the new master has none of them.
   */
  async failoverLosingLastWrites({ lossMs = 300 }: { readonly lossMs?: number } = {}): Promise<Undo> {
    await this.cutReplication();
    await sleep(lossMs);
    return this.failover();
  }

  /** From now on the master's writes reach no replica; undo lets them catch up. */
  async cutReplication(): Promise<Undo> {
    const master = await this.master();
    // Sentinel would soon undo a REPLICAOF, but it does not look at permissions.
    await master.command('ACL', 'SETUSER', 'default', '-psync', '-sync');
    await master.command('CLIENT', 'KILL', 'TYPE', 'replica');
    return once(async () => {
      if (master.isUp) await master.command('ACL', 'SETUSER', 'default', '+psync', '+sync');
    });
  }

  /** Ends every process. */
  async stop(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((process) => process.stop()));
  }

  async #masterPort(sentinel: Sentinel): Promise<number> {
    const address = await sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', this.name);
    return Number((address as Reply[])[1]);
  }

  async #hasPromoted(old: RedisServer): Promise<boolean> {
    const ports = await Promise.all(this.sentinels.map((sentinel) => this.#masterPort(sentinel)));
    if (new Set(ports).size !== 1 || ports[0] === old.port) return false;
    const [role] = (await (await this.master()).command('ROLE')) as Reply[];
    return role === 'master';
  }

  /** Every Sentinel knows its fellows, and sees every replica up and in sync. */
  async #settled(): Promise<void> {
    await this.#until('see a complete topology', async () => {
      const views = await Promise.all(this.sentinels.map((sentinel) => this.#seesAll(sentinel)));
      return views.every(Boolean);
    });
  }

  async #seesAll(sentinel: Sentinel): Promise<boolean> {
    const fellows = (await sentinel.command('SENTINEL', 'SENTINELS', this.name)) as Reply[];
    const replicas = (await sentinel.command('SENTINEL', 'REPLICAS', this.name)) as Reply[][];
    const isInSync = (fields: Reply[]) =>
      fields[fields.indexOf('flags') + 1] === 'slave' &&
      fields[fields.indexOf('master-link-status') + 1] === 'ok';
    return (
      fellows.length === this.sentinels.length - 1 &&
      replicas.length === this.servers.length - 1 &&
      replicas.every(isInSync)
    );
  }

  async #until(what: string, check: () => Promise<boolean>): Promise<void> {
    if (await eventually(check, SETTLE_DEADLINE_MS)) return;
    throw new StartError(
      `The Sentinels did not ${what}`,
      this.sentinels.map(({ output }) => output).join('\n'),
    );
  }
}

function all<T>(count: number, start: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, start));
}

import type { Address } from '../resp/connection.js';
import { eventually } from '../wait.js';
import { findPlace, RedisProcess, type Place } from './redis-process.js';

/** How to start a `redis-server`. Without options: an empty one on a free port, in memory only. */
export interface RedisServerOptions {
  /** @default a free port */
  readonly port?: number;
  /** Working directory, kept at `stop()`. @default a temp directory, removed at `stop()` */
  readonly dir?: string;
  /** Keeps an append-only file, so data survives `kill()` and `start()`. @default false */
  readonly appendOnly?: boolean;
  /** As Redis takes it: bytes, or `64mb`. @default no limit */
  readonly maxMemory?: string | number;
  /** @default 'noeviction' */
  readonly maxMemoryPolicy?: string;
  /** Password of the default user. @default none */
  readonly requirePass?: string;
  /** Master to replicate. @default none */
  readonly replicaOf?: { readonly host: string; readonly port: number };
  /** More arguments; they win over those above. @default [] */
  readonly args?: readonly string[];
}

/** What servers of one topology can share. */
export type ServerSettings = Pick<
  RedisServerOptions,
  'appendOnly' | 'maxMemory' | 'maxMemoryPolicy' | 'args'
>;

const replicationDeadlineMs = 10_000;

/** A real `redis-server` on 127.0.0.1 that can be killed, hung, resumed and started again on the same port. */
export class RedisServer extends RedisProcess {
  /** `redis://[:password@]127.0.0.1:port/0` */
  readonly url: string;
  readonly #options: RedisServerOptions;
  #password: string | undefined;

  private constructor(place: Place, options: RedisServerOptions) {
    super(place);
    this.#options = options;
    const { requirePass } = options;
    const credentials = requirePass === undefined ? '' : `:${encodeURIComponent(requirePass)}@`;
    this.url = `redis://${credentials}${this.host}:${this.port}/0`;
  }

  /**
   * Resolves once the server answers PING, be it with LOADING (see `ready`).
   *
   * @throws RedisServerMissingError, or StartError with the server's last output.
   */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await findPlace(options), options);
    try {
      await server.start();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Password that clients must send now. */
  get password(): string | undefined {
    return this.#password;
  }

  /**
   * Starts it again on the same port and directory; does nothing while it is up.
   *
   * @param args more arguments, for this run only
   */
  async start(args: readonly string[] = []): Promise<void> {
    if (this.isUp) return;
    this.#password = this.#options.requirePass;
    await this.launch([...this.#args(), ...args]);
  }

  /** Changes the default user's password until the next `start()`; '' takes it away. `command` uses the new one. */
  async setPassword(password: string): Promise<void> {
    await this.command('CONFIG', 'SET', 'requirepass', password);
    this.#password = password === '' ? undefined : password;
  }

  /**
   * Resolves once the replicas have everything that this master has taken until now. A WAIT by `command` says nothing of it: it
   * answers for the writes of its own connection.
   *
   * @throws Error when they do not within ten seconds
   */
  async replicatedTo(...replicas: readonly RedisServer[]): Promise<void> {
    const written = Number(await this.#replication('master_repl_offset'));
    const isThere = async (replica: RedisServer) =>
      (await replica.#replication('master_link_status')) === 'up' &&
      Number(await replica.#replication('slave_repl_offset')) >= written;
    const areThere = async () => (await Promise.all(replicas.map(isThere))).every(Boolean);
    if (!(await eventually(areThere, replicationDeadlineMs)))
      throw new Error('A replica has not caught up with its master.');
  }

  async #replication(field: string): Promise<string | undefined> {
    const text = String(await this.command('INFO', 'replication'));
    return new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(text)?.[1];
  }

  protected override get address(): Address {
    return { host: this.host, port: this.port, password: this.#password };
  }

  #args(): string[] {
    const { requirePass, replicaOf, args = [] } = this.#options;
    const { appendOnly = false, maxMemory = 0, maxMemoryPolicy = 'noeviction' } = this.#options;
    return [
      ...['--port', String(this.port), '--bind', this.host, '--dir', this.dir, '--save', ''],
      ...['--appendonly', appendOnly ? 'yes' : 'no', '--shutdown-timeout', '0'],
      ...['--repl-diskless-sync-delay', '0'],
      ...['--maxmemory', String(maxMemory), '--maxmemory-policy', maxMemoryPolicy],
      ...(requirePass === undefined ? [] : ['--requirepass', requirePass, '--masterauth', requirePass]),
      ...(replicaOf === undefined ? [] : ['--replicaof', replicaOf.host, String(replicaOf.port)]),
      ...args,
    ];
  }
}

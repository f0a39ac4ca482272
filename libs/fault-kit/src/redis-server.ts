import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child.js';
import { ask, Connection, type Address } from './connection.js';
import { ReplyError, StartError } from './errors.js';
import { freePort } from './free-port.js';
import type { Reply } from './resp.js';

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

const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 2_000;
const POLL_MS = 5;

/** A real `redis-server` on 127.0.0.1 that can be killed, hung, resumed and started again on the same port. */
export class RedisServer {
  readonly host = '127.0.0.1';
  readonly port: number;
  /** `redis://[:password@]127.0.0.1:port/0` */
  readonly url: string;
  /** Holds the data files. */
  readonly dir: string;
  readonly #options: RedisServerOptions;
  #child: Child | undefined;
  #password: string | undefined;

  private constructor(port: number, dir: string, options: RedisServerOptions) {
    this.port = port;
    this.dir = dir;
    this.#options = options;
    const credentials =
      options.requirePass === undefined ? '' : `:${encodeURIComponent(options.requirePass)}@`;
    this.url = `redis://${credentials}${this.host}:${port}/0`;
  }

  /**
   * Resolves once the server answers PING, be it with LOADING (see `ready`).
   *
   * @throws RedisServerMissingError, or StartError with the server's last output.
   */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'fault-kit-')));
    const server = new RedisServer(options.port ?? (await freePort()), dir, options);
    try {
      await server.start();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** Process id; undefined while the server is down. */
  get pid(): number | undefined {
    return this.isUp ? this.#child?.pid : undefined;
  }

  /** Whether the process exists, hung or not. */
  get isUp(): boolean {
    return this.#child !== undefined && !this.#child.hasExited;
  }

  /** Starts it again on the same port and directory; does nothing while it is up. */
  async start(): Promise<void> {
    if (this.isUp) return;
    this.#password = this.#options.requirePass;
    this.#child = await Child.spawn('redis-server', this.#args());
    await this.#untilItAnswers(this.#child);
  }

  /** Resolves once the data is loaded, after a `start()` with much of it. */
  async ready(): Promise<void> {
    const deadline = performance.now() + START_DEADLINE_MS;
    while ((await this.#firstWord()) !== 'PONG') {
      if (performance.now() > deadline)
        throw new StartError('redis-server did not become ready', this.#child?.output ?? '');
      await sleep(POLL_MS);
    }
  }

  /** SIGKILL; resolves when the process is gone. What was not yet in the append-only file is lost. */
  async kill(): Promise<void> {
    if (this.isUp) await this.#child?.kill();
  }

  /** SIGSTOP: the kernel still accepts connections and bytes, nobody ever answers. */
  hang(): void {
    this.#child?.signal('SIGSTOP');
  }

  /** SIGCONT: goes on after `hang()`. */
  resume(): void {
    this.#child?.signal('SIGCONT');
  }

  /** SIGTERM, SIGKILL after 2 s; also ends a hung server. Removes the temp directory. */
  async stop(): Promise<void> {
    if (this.isUp) await this.#child?.terminate(STOP_DEADLINE_MS);
    if (this.#options.dir === undefined) await rm(this.dir, { recursive: true, force: true });
  }

  /**
   * One command over a connection of its own, for instance `command('CONFIG', 'SET', 'maxmemory', 1)`.
   *
   * @throws ReplyError for an error reply, NoReplyError after 2 s without one.
   */
  async command(...args: (string | number)[]): Promise<Reply> {
    return ask(this.#address, args);
  }

  /** A bare connection that stays open; the caller closes it. */
  async connect(): Promise<Connection> {
    return Connection.open(this.#address);
  }

  /** Changes the default user's password until the next `start()`; '' takes it away. `command` uses the new one. */
  async setPassword(password: string): Promise<void> {
    await this.command('CONFIG', 'SET', 'requirepass', password);
    this.#password = password === '' ? undefined : password;
  }

  get #address(): Address {
    return { host: this.host, port: this.port, password: this.#password };
  }

  #args(): string[] {
    const {
      appendOnly = false,
      maxMemory = 0,
      maxMemoryPolicy = 'noeviction',
      requirePass,
      replicaOf,
    } = this.#options;
    return [
      ...['--port', String(this.port), '--bind', this.host, '--dir', this.dir, '--save', ''],
      ...['--appendonly', appendOnly ? 'yes' : 'no', '--shutdown-timeout', '0'],
      ...['--maxmemory', String(maxMemory), '--maxmemory-policy', maxMemoryPolicy],
      ...(requirePass === undefined ? [] : ['--requirepass', requirePass, '--masterauth', requirePass]),
      ...(replicaOf === undefined ? [] : ['--replicaof', replicaOf.host, String(replicaOf.port)]),
      ...(this.#options.args ?? []),
    ];
  }

  async #untilItAnswers(child: Child): Promise<void> {
    const deadline = performance.now() + START_DEADLINE_MS;
    while (performance.now() < deadline) {
      if (child.hasExited) throw new StartError('redis-server ended at start', child.output);
      if (await this.#firstWord()) return;
      await sleep(POLL_MS);
    }
    throw new StartError(`redis-server did not answer within ${START_DEADLINE_MS} ms`, child.output);
  }

  /** Of the answer to PING: `PONG` or the code of an error; undefined without an answer. */
  async #firstWord(): Promise<string | undefined> {
    try {
      return String(await ask(this.#address, ['PING'], 500));
    } catch (error) {
      return error instanceof ReplyError ? error.code : undefined;
    }
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplyError, StartError } from '../errors.js';
import { ask, Connection, type Address } from '../resp/connection.js';
import type { Reply } from '../resp/resp.js';
import { eventually } from '../wait.js';
import { Child } from './child.js';
import { freePort } from './free-port.js';

const START_DEADLINE_MS = 10_000;
const STOP_DEADLINE_MS = 2_000;

/** Port and directory of a process. */
export interface Place {
  readonly port: number;
  readonly dir: string;
  /** Whether the directory goes when the process is stopped. */
  readonly isTemporary: boolean;
}

/** Fills in a free port and a temp directory where the caller named none. */
export async function findPlace(wanted: { readonly port?: number; readonly dir?: string }): Promise<Place> {
  return {
    port: wanted.port ?? (await freePort()),
    dir: wanted.dir ?? (await mkdtemp(join(tmpdir(), 'fault-kit-'))),
    isTemporary: wanted.dir === undefined,
  };
}

/** What a server and a Sentinel have in common: a `redis-server` process on 127.0.0.1 that always gets the same port. */
export abstract class RedisProcess {
  readonly host = '127.0.0.1';
  readonly port: number;
  /** Holds the data files. */
  readonly dir: string;
  readonly #isTemporary: boolean;
  #child: Child | undefined;

  protected constructor({ port, dir, isTemporary }: Place) {
    this.port = port;
    this.dir = dir;
    this.#isTemporary = isTemporary;
  }

  protected abstract readonly address: Address;

  /** Process id; undefined while the process is down. */
  get pid(): number | undefined {
    return this.isUp ? this.#child?.pid : undefined;
  }

  /** Whether the process exists, hung or not. */
  get isUp(): boolean {
    return this.#child !== undefined && !this.#child.hasExited;
  }

  /** What the process printed last. */
  get output(): string {
    return this.#child?.output ?? '';
  }

  /** SIGKILL; resolves when the process is gone. What was not yet in the append-only file is lost. */
  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  /** SIGSTOP: the kernel still accepts connections and bytes, nobody ever answers. */
  hang(): void {
    this.#child?.signal('SIGSTOP');
  }

  /** SIGCONT: goes on after `hang()`. */
  resume(): void {
    this.#child?.signal('SIGCONT');
  }

  /** SIGTERM, SIGKILL after 2 s; also ends a hung process. Removes the temp directory. */
  async stop(): Promise<void> {
    await this.#child?.terminate(STOP_DEADLINE_MS);
    if (this.#isTemporary) await rm(this.dir, { recursive: true, force: true });
  }

  /**
   * One command over a connection of its own, for instance `command('CONFIG', 'SET', 'maxmemory', 1)`.
   *
   * @throws ReplyError for an error reply, NoReplyError after 2 s without one.
   */
  async command(...args: (string | number)[]): Promise<Reply> {
    return ask(this.address, args);
  }

  /** A bare connection that stays open; the caller closes it. */
  async connect(): Promise<Connection> {
    return Connection.open(this.address);
  }

  /** Resolves once the data is loaded, after a start with much of it. */
  async ready(): Promise<void> {
    const isReady = await eventually(async () => (await this.#firstWord()) === 'PONG', START_DEADLINE_MS);
    if (!isReady) throw new StartError('redis-server did not become ready', this.output);
  }

  protected async launch(args: readonly string[]): Promise<void> {
    const child = (this.#child = await Child.spawn('redis-server', args));
    const answers = async () => child.hasExited || (await this.#firstWord()) !== undefined;
    const hasAnswered = await eventually(answers, START_DEADLINE_MS);
    if (child.hasExited) {
      await child.kill(); // Its output is complete only then.
      throw new StartError('redis-server ended at start', child.output);
    }
    if (!hasAnswered) throw new StartError('redis-server did not answer', child.output);
  }

  /** Of the answer to PING: `PONG` or the code of an error; undefined without an answer. */
  async #firstWord(): Promise<string | undefined> {
    try {
      return String(await ask(this.address, ['PING'], 500));
    } catch (error) {
      return error instanceof ReplyError ? error.code : undefined;
    }
  }
}

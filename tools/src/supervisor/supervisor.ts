import { type Server } from 'node:net';
import { type Platform } from '../platform/platform.js';
import { type GroupName } from '../workspace.js';
import { listen, type ControlAnswer, type ControlRequest } from './control.js';
import { act, readRows, RedisActionError, type RedisAction } from './redis-rows.js';
import { removeRun, writeRun } from './run-file.js';

const WATCH_MS = 500;

/** Lets the other commands of a checkout find its running platform and act on it. */
export class Supervisor {
  readonly #startedAt = new Date().toISOString();
  #server: Server | undefined;
  #watch: NodeJS.Timeout | undefined;
  #written = '';

  constructor(
    readonly root: string,
    readonly platform: Platform,
    /** Takes one sentence for each thing done. */
    readonly say: (sentence: string) => void,
  ) {}

  async open(): Promise<void> {
    process.once('exit', this.#removeRun);
    this.#writeRun();
    this.#watch = setInterval(() => this.#writeRun(), WATCH_MS).unref();
    this.#server = await listen(this.root, (request) => this.#handle(request));
  }

  close(): void {
    clearInterval(this.#watch);
    this.#server?.close();
    this.#removeRun();
    process.off('exit', this.#removeRun);
  }

  /** @throws RedisActionError */
  async act(action: RedisAction, group: GroupName): Promise<string> {
    const message = await act(this.platform.redis, action, group);
    this.#writeRun();
    this.say(message);
    return message;
  }

  /** Kills the group or hangs it, or takes that back: whatever makes sense now. */
  async toggle(group: GroupName, [action, undo]: readonly [RedisAction, RedisAction]): Promise<void> {
    const rows = await readRows(this.platform.redis);
    const row = rows.find((row) => row.group === group);
    const isDone = action === 'kill' ? row?.pid === null : row?.up === false;
    await this.act(isDone ? undo : action, group).catch((error: Error) => this.say(error.message));
  }

  readonly #removeRun = (): void => removeRun(this.root);

  async #handle({ action, group }: ControlRequest): Promise<ControlAnswer> {
    try {
      const message = action && group ? await this.act(action, group) : undefined;
      return { rows: await readRows(this.platform.redis), message };
    } catch (error) {
      if (!(error instanceof RedisActionError)) throw error;
      return { rows: [], refused: error.message };
    }
  }

  #writeRun(): void {
    const { urls, ports, databaseUrl, pids } = this.platform;
    const run = { pid: process.pid, startedAt: this.#startedAt, urls, ports, databaseUrl, pids };
    const text = JSON.stringify(run);
    if (text === this.#written) return;
    writeRun(this.root, run);
    this.#written = text;
  }
}

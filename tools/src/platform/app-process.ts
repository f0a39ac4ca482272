import { endWithThisProcess } from '@trivet/fault-kit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppStartError } from './errors.js';

/** How to run one process of the platform. */
export interface Launch {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Answers 200 once the process serves. */
  readonly readyUrl: string;
  /** Everything the process prints, and what happens to it. */
  readonly log: (line: string, source: string) => void;
}

const KEPT_LINES = 10_000;
const READY_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 12_000;
const POLL_MS = 50;
const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 10_000;
/** Having run this long, the next end counts as the first again. */
const SETTLED_MS = 30_000;

/** A Node process that is started again, with back-off, whenever it ends unasked after it was ready once. */
export class AppProcess {
  readonly #launch: Launch;
  readonly #lines: string[] = [];
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #backOffMs = FIRST_BACK_OFF_MS;
  #comeback: NodeJS.Timeout | undefined;
  #closed: Promise<unknown> = Promise.resolve();
  /** Both together mean: an end is not expected, start it again. */
  #isWanted = false;
  #wasReady = false;

  constructor(launch: Launch) {
    this.#launch = launch;
  }

  get name(): string {
    return this.#launch.name;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#isRunning ? this.#child?.pid : undefined;
  }

  /** Its last 10,000 lines, those of earlier runs included. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Starts it and resolves once it is ready; from then on it is kept running.
   *
   * @throws AppStartError when it ends first, or is not ready within a minute.
   */
  async start(signal?: AbortSignal): Promise<void> {
    this.#isWanted = true;
    this.#wasReady = false;
    const child = this.#spawn();
    await this.#untilReady(child, signal);
    this.#wasReady = true;
    // It may have ended between its answer and here.
    if (hasEnded(child)) this.#comeBackLater(child);
  }

  /** SIGTERM, SIGKILL after 12 s; it stays down until `start()`. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#comeback);
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    const exited = once(child, 'exit');
    const force = setTimeout(() => this.#force(child), STOP_DEADLINE_MS);
    child.kill('SIGTERM');
    await exited.finally(() => clearTimeout(force));
  }

  get #isRunning(): boolean {
    return this.#child !== undefined && !hasEnded(this.#child);
  }

  #spawn(): ChildProcess {
    const { args, cwd, env } = this.#launch;
    // In a process group of its own: Ctrl-C reaches this process only, which ends the others in its own order.
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#say(line));
    }
    child.once('exit', () => this.#comeBackLater(child));
    void endWithThisProcess(child);
    this.#child = child;
    this.#closed = once(child, 'close');
    this.#startedAt = performance.now();
    return child;
  }

  #comeBackLater(child: ChildProcess): void {
    if (!this.#isWanted || !this.#wasReady) return;
    if (performance.now() - this.#startedAt > SETTLED_MS) this.#backOffMs = FIRST_BACK_OFF_MS;
    const delayMs = this.#backOffMs;
    this.#backOffMs = Math.min(delayMs * 2, LONGEST_BACK_OFF_MS);
    this.#say(`ended with ${endOf(child)}; starting it again in ${delayMs / 1_000} s`);
    this.#comeback = setTimeout(() => this.#spawn(), delayMs);
  }

  #say(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#launch.log(line, this.name);
  }

  #force(child: ChildProcess): void {
    this.#say(`did not stop within ${STOP_DEADLINE_MS / 1_000} s: killing it`);
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }

  async #untilReady(child: ChildProcess, signal?: AbortSignal): Promise<void> {
    const deadline = performance.now() + READY_DEADLINE_MS;
    while (!(await answers(this.#launch.readyUrl))) {
      signal?.throwIfAborted();
      if (hasEnded(child)) {
        await this.#closed; // The last lines may come after the end.
        throw this.#startError(`ended with ${endOf(child)} before it was ready`);
      }
      if (performance.now() > deadline)
        throw this.#startError(`was not ready within ${READY_DEADLINE_MS / 1_000} s`);
      await sleep(POLL_MS);
    }
  }

  #startError(what: string): AppStartError {
    return new AppStartError(`${this.name} ${what}`, this.#lines.slice(-20));
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const endOf = (child: ChildProcess): string => String(child.exitCode ?? child.signalCode);

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false; // Not listening yet.
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { RedisServerMissingError } from '../errors.js';
import { endWithThisProcess } from './guard.js';

const MAX_OUTPUT = 16_384;

/** A process of the kit: its last output is kept, and it does not outlive this process. */
export class Child {
  readonly #process: ChildProcess;
  readonly #gone: Promise<unknown>;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#process = child;
    this.#gone = Promise.all([once(child, 'close'), endWithThisProcess(child)]);
    const keep = (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-MAX_OUTPUT));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  /** @throws RedisServerMissingError when there is no such binary. */
  static async spawn(binary: string, args: readonly string[]): Promise<Child> {
    // A process group of its own: Ctrl-C goes to whoever runs the kit, who then decides.
    const child = spawn(binary, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    try {
      await once(child, 'spawn');
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new RedisServerMissingError(binary) : error;
    }
    return new Child(child);
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  get hasExited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  get output(): string {
    return this.#output;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.hasExited) this.#process.kill(signal);
  }

  /** SIGKILL, to its own children (a running BGSAVE) too. */
  async kill(): Promise<void> {
    if (!this.hasExited) process.kill(-this.pid, 'SIGKILL');
    await this.#gone;
  }

  /** SIGTERM, and SIGKILL when that did not end it in time. Ends a stopped process too. */
  async terminate(deadlineMs: number): Promise<void> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const timer = setTimeout(() => void this.kill(), deadlineMs);
    await this.#gone;
    clearTimeout(timer);
  }
}

const WIDTH = 24;

/** `[######------------------]  5/18  1:20  kill session mid-run` */
export function progressLine(
  done: number,
  all: number,
  { elapsedMs, what }: { elapsedMs: number; what: string },
): string {
  const filled = all === 0 ? WIDTH : Math.round((done / all) * WIDTH);
  const seconds = Math.floor(elapsedMs / 1_000);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return `[${'#'.repeat(filled)}${'-'.repeat(WIDTH - filled)}] ${String(done).padStart(String(all).length)}/${all}  ${clock}  ${what}`;
}

/** Shows how far it is: on a terminal in one line that is rewritten, else a line for each step. */
export class Progress {
  readonly #startedAt = performance.now();

  constructor(private readonly all: number) {}

  show(done: number, what: string): void {
    const line = progressLine(done, this.all, { elapsedMs: performance.now() - this.#startedAt, what });
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
  }

  /** Leaves the line, so that others can write. */
  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }
}

import { Logger } from '@nestjs/common';

const quietMs = 1000;

/** Writes the first record of its kind at once and counts the rest: at most one a second for each kind. */
export class QuietLog {
  readonly #logger = new Logger('Queue');
  readonly #untold = new Map<string, number>();

  /** @param kind what is counted together, such as an event of one queue */
  warn(kind: string, message: string, fields: Readonly<Record<string, unknown>>): void {
    const untold = this.#untold.get(kind);
    if (untold !== undefined) return void this.#untold.set(kind, untold + 1);
    this.#logger.warn(message, fields);
    this.#untold.set(kind, 0);
    setTimeout(() => {
      const more = this.#untold.get(kind) ?? 0;
      this.#untold.delete(kind);
      if (more > 0) this.warn(kind, message, { ...fields, more });
    }, quietMs).unref();
  }
}

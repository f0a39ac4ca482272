import { Inject, Injectable, type OnModuleInit, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Database } from '@trivet/database';
import { claim } from './done-ledger.js';
import type { JobHandler } from './job.js';
import { InvalidJobPayloadError, UnknownJobError } from './queue.errors.js';
import { jobRunChannel, type JobRunEvent, type Lane } from './queue.events.js';
import { JOB_HANDLERS } from './queue.tokens.js';

/** One job as it is handed to a handler. */
export interface JobRun {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
  readonly lane: Lane;
  readonly signal: AbortSignal;
}

/** Runs jobs of every lane in the same way: payload checked, effects made once. */
@Injectable()
export class JobRunner implements OnModuleInit {
  readonly #handlers = new Map<string, JobHandler>();

  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly database: Database,
    @Inject(JOB_HANDLERS) private readonly types: readonly Type<JobHandler>[],
  ) {}

  onModuleInit(): void {
    for (const type of this.types) {
      const handler = this.moduleRef.get(type, { strict: false });
      this.#handlers.set(handler.job.name, handler);
    }
  }

  /** @throws {UnknownJobError | InvalidJobPayloadError} and whatever the handler throws */
  async run({ id, name, payload, lane, signal }: JobRun): Promise<void> {
    const startedAt = performance.now();
    let outcome: JobRunEvent['outcome'] = 'failed';
    try {
      const handler = this.#handlers.get(name);
      if (!handler) throw new UnknownJobError(name);
      const parsed = handler.job.payload.safeParse(payload);
      if (!parsed.success) throw new InvalidJobPayloadError(name, parsed.error);
      outcome = await this.database.transaction(async (tx) => {
        if (!(await claim(tx, id, name))) return 'duplicate';
        await handler.handle(parsed.data, { id, tx, signal });
        return 'done';
      });
    } finally {
      jobRunChannel.publish({ job: name, lane, outcome, durationMs: performance.now() - startedAt });
    }
  }
}

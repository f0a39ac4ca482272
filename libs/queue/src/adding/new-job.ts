import type { Envelope } from '../jobs/envelope.js';
import type { JobDefinition } from '../jobs/job.js';
import type { ResolvedAdd } from './add-options.js';

/** A job that has its id, and its payload checked, but no place yet. */
export interface NewJob {
  readonly id: string;
  readonly envelope: Envelope;
}

/** Jobs of one class that are placed together, by one add. */
export interface Batch {
  readonly plan: ResolvedAdd;
  readonly job: JobDefinition;
  readonly jobs: readonly NewJob[];
  /** For all lanes together, inline work apart. */
  readonly deadlineMs: number;
}

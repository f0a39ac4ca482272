import type { DatabaseTransaction } from '@trivet/database';
import type { Durability, JobDefinition, OutagePolicy } from '../jobs/job.js';
import { JobOptionsError } from '../queue.errors.js';

/** Options of one add. */
export interface AddOptions {
  /** The job's id. Adding it again with the same id has no second effect. No `:`, not a number. @default a new UUIDv7 */
  readonly id?: string;
  /** Not before this has passed, milliseconds. @default 0 */
  readonly delayMs?: number;
  /** @default the job's own */
  readonly durability?: Durability;
  /** @default the job's own */
  readonly onOutage?: OutagePolicy;
  /** Within this transaction: no job unless it commits. The add is as patient as the transaction's statements. */
  readonly tx?: DatabaseTransaction;
  /** How long the add may take, inline work apart, milliseconds. @default the module's `addDeadlineMs` */
  readonly deadlineMs?: number;
}

/** Options of adding many jobs of a kind: ids are made for each. */
export type AddBulkOptions = Omit<AddOptions, 'id'>;

/** An add with its defaults filled in. */
export interface ResolvedAdd {
  readonly durability: Durability;
  readonly onOutage: OutagePolicy;
  readonly delayMs: number;
  readonly tx: DatabaseTransaction | undefined;
}

/** Fills in an add's defaults and refuses what no lane could honour, also while everything is well. @throws {JobOptionsError} */
export function resolveAdd(job: JobDefinition, options: AddOptions, hasOutbox: boolean): ResolvedAdd {
  const refuse = (why: string): never => {
    throw new JobOptionsError(job.name, why);
  };
  const { id, delayMs = 0, tx } = options;
  const durability = options.durability ?? (tx ? 'transactional' : job.durability);
  // What may not be lost is kept in the outbox, whatever the class says about less durable adds.
  const onOutage = options.onOutage ?? (durability === 'memory' ? job.onOutage : 'outbox');
  if (id !== undefined && !isId(id))
    refuse('an `id` holds 1 to 200 printable characters, no `:`, and is no number.');
  if (!Number.isFinite(delayMs) || delayMs < 0)
    refuse(`expected \`delayMs\` not to be negative, got \`${delayMs}\`.`);
  if (durability === 'transactional' && !tx) refuse('it is transactional: pass the transaction as `tx`.');
  if (durability !== 'transactional' && tx)
    refuse(`with \`tx\` it cannot be \`durability: '${durability}'\`.`);
  if (durability !== 'memory' && onOutage !== 'outbox')
    refuse(`'${durability}' and \`onOutage: '${onOutage}'\` exclude each other.`);
  if (onOutage === 'inline' && !job.inline) refuse('it may run inline only if its class says `inline`.');
  if (onOutage === 'inline' && delayMs > 0)
    refuse("inline it would run at once: `delayMs` needs `onOutage: 'outbox'`.");
  if (onOutage !== 'reject' && !hasOutbox) refuse(noDatabase);
  return { durability, onOutage, delayMs, tx };
}

/** What to set when a policy needs the database that is not there. */
export const noDatabase =
  'it is kept in PostgreSQL when Redis does not take it, and there is no database. ' +
  "Import DatabaseModule.forRoot({ url }) with your DATABASE_URL, or set `onOutage: 'reject'`.";

// eslint-disable-next-line no-control-regex -- PostgreSQL's text holds no U+0000, and a log line no newline.
const isId = (id: string) => /^[^:\u0000-\u001f]{1,200}$/.test(id) && !/^-?\d+$/.test(id);

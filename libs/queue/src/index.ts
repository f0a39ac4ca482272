export { type AddBulkOptions, type AddOptions } from './adding/add-options.js';
export { DurableQueue, type PlacedJob } from './adding/durable-queue.js';
export {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadReason,
  type RedriveOptions,
} from './dead-letters/dead-letter.js';
export { DeadLetters, isDeadLetter, type DeadLetterCount } from './dead-letters/dead-letters.js';
export { carried, carry, continueTrace, type Carried } from './jobs/carried.js';
export {
  defineJob,
  JobHandler,
  type Durability,
  type Importance,
  type InlineBounds,
  type JobContext,
  type JobDefinition,
  type JobOptions,
  type OutagePolicy,
} from './jobs/job.js';
export { defineSchedule, type Schedule } from './jobs/schedule.js';
export { QueueOverview, type QueueStanding, type ScheduleStanding } from './overview/queue-overview.js';
export { type QueueModuleAsyncOptions } from './queue-connection.module.js';
export { QueueWorkerModule } from './queue-worker.module.js';
export {
  HopelessJobError,
  InvalidJobPayloadError,
  JobOptionsError,
  JobPayloadTooLargeError,
  JobVersionError,
  OutboxUnavailableError,
  UnknownJobError,
  type OutboxTrouble,
} from './queue.errors.js';
export {
  deadLetterChannel,
  jobAddChannel,
  jobCountsChannel,
  jobRunChannel,
  jobsReaddedChannel,
  outboxChannel,
  relayChannel,
  type DeadLetterEvent,
  type JobAddEvent,
  type JobCountsEvent,
  type JobRunEvent,
  type JobsReaddedEvent,
  type Lane,
  type OutboxEvent,
  type RelayEvent,
} from './queue.events.js';
export { queueMigrations } from './queue.migrations.js';
export { QueueModule } from './queue.module.js';
export type { QueueJobs, QueueModuleOptions, QueueWorkerJobs } from './queue.options.js';
export { getDurableQueueToken, InjectDurableQueue, QUEUE_GROUP } from './queue.tokens.js';

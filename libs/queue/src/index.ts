export { DurableQueue, type AddOptions, type PlacedJob } from './durable-queue.js';
export {
  defineJob,
  JobHandler,
  type InlineBounds,
  type JobContext,
  type JobDefinition,
  type OutagePolicy,
} from './job.js';
export { QueueModule, type QueueJobs } from './queue.module.js';
export { QueueWorkerModule } from './queue-worker.module.js';
export { type QueueConnectionAsyncOptions, type QueueConnectionOptions } from './queue-connection.module.js';
export { InvalidJobPayloadError, UnknownJobError } from './queue.errors.js';
export {
  jobAddChannel,
  jobRunChannel,
  type JobAddEvent,
  type JobRunEvent,
  type Lane,
} from './queue.events.js';
export { queueMigrations } from './queue.migrations.js';
export { getDurableQueueToken, InjectDurableQueue, QUEUE_GROUP } from './queue.tokens.js';

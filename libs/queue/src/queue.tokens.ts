import { Inject } from '@nestjs/common';
import { getRedisToken } from '@trivet/redis';

/** The group's name in errors, metrics and `X-Degraded`. */
export const QUEUE_GROUP = 'queue';

/** Token of the group's guarded connection. */
export const QUEUE_REDIS = getRedisToken(QUEUE_GROUP);

/** Token of the connection that adds of one job go through. */
export const QUEUE_PRODUCER = Symbol('QUEUE_PRODUCER');

/** Token of the jobs and handlers of the process. */
export const QUEUE_JOBS = Symbol('QUEUE_JOBS');

/** Token of the checked options. */
export const QUEUE_OPTIONS = Symbol('QUEUE_OPTIONS');

/** Under which name the wiring of the adding side is known to @nestjs/bullmq, beside an app's own. */
export const BULL_CONFIG = 'trivet';

/** The injection token of a {@link DurableQueue}. */
export function getDurableQueueToken(queue: string): string {
  return `DurableQueue:${queue}`;
}

/** Injects the {@link DurableQueue} of a name. */
export const InjectDurableQueue = (queue: string): ParameterDecorator & PropertyDecorator =>
  Inject(getDurableQueueToken(queue));

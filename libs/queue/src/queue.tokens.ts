import { Inject } from '@nestjs/common';

/** The group's name in errors, metrics and `X-Degraded`. */
export const QUEUE_GROUP = 'queue';

/** Token of the handler types that a process runs. */
export const JOB_HANDLERS = Symbol('JOB_HANDLERS');

/** The injection token of a {@link DurableQueue}. */
export function getDurableQueueToken(queue: string): string {
  return `DurableQueue:${queue}`;
}

/** Injects the {@link DurableQueue} of a name. */
export const InjectDurableQueue = (queue: string): ParameterDecorator & PropertyDecorator =>
  Inject(getDurableQueueToken(queue));

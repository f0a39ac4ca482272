import { channel } from 'node:diagnostics_channel';
import type { BreakerState, CommandKind } from './breaker.js';
import type { FailureReason } from './classify.js';
import type { ServerChange } from './server-watch.js';

/** One guarded call, published on `trivet:redis:command`. */
export interface RedisCommandEvent {
  readonly group: string;
  readonly operation: string;
  readonly kind: CommandKind;
  /** Absent when Redis answered. */
  readonly failure?: FailureReason;
  readonly durationMs: number;
}

/** A change of what a group can do, published on `trivet:redis:state`. */
export interface RedisStateEvent extends BreakerState {
  readonly group: string;
}

/** A change of the server behind a group, published on `trivet:redis:server`. */
export interface RedisServerEvent {
  readonly group: string;
  readonly change: ServerChange;
}

/** Facts about guarded calls; the message is a {@link RedisCommandEvent}. */
export const redisCommandChannel = channel('trivet:redis:command');

/** Facts about groups; the message is a {@link RedisStateEvent}. */
export const redisStateChannel = channel('trivet:redis:state');

/** Facts about the servers behind groups; the message is a {@link RedisServerEvent}. */
export const redisServerChannel = channel('trivet:redis:server');

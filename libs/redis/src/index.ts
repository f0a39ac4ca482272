export { atHeaders } from './at-headers.js';
export { type BreakerState, type CommandKind } from './breaker.js';
export { type FailureReason } from './classify.js';
export { degradedGroups, markDegraded, trackDegradation } from './degraded-answer.js';
export { announceRetry, FailSoftInterceptor, GroupUnavailableException } from './fail-soft.interceptor.js';
export { GuardedRedis, openGuardedRedis, type RedisOperation } from './guarded-redis.js';
export { DeadlineExceededError, RedisUnavailableError } from './redis.errors.js';
export {
  redisCommandChannel,
  redisServerChannel,
  redisStateChannel,
  type RedisCommandEvent,
  type RedisServerEvent,
  type RedisStateEvent,
} from './redis.events.js';
export { getRedisToken, InjectRedis, RedisModule, type RedisModuleAsyncOptions } from './redis.module.js';
export { redisGroup, type RedisGroupOptions, type RedisModuleOptions } from './redis.options.js';
export { openReplicaReads, ReplicaReads } from './replica-reads.js';
export { parseRedisUrl, RedisUrlError, sharedRedisClashes, type RedisAddress } from './redis-url.js';
export { type ServerChange } from './server-watch.js';
export { type ConnectionRole } from './supervised-connection.js';
export { withDeadline } from './deadline.js';

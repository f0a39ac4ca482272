import type { GuardedRedis, RedisCommandEvent, RedisServerEvent, RedisStateEvent } from '@trivet/redis';
import type { Instruments } from './instruments.js';

/** What each group can do, and what it costs to ask. */
export function measureRedis(on: Instruments, groups: readonly GuardedRedis[]): void {
  const up = on.gauge('trivet_redis_up', 'Whether a group takes commands of a kind (1) or not (0).', [
    'group',
    'kind',
  ]);
  const transitions = on.counter('trivet_redis_transitions_total', 'Changes of what a group can do.', [
    'group',
  ]);
  const latency = on.histogram('trivet_redis_command_seconds', 'Time of guarded calls.', [
    'group',
    'operation',
  ]);
  const failures = on.counter('trivet_redis_failures_total', 'Guarded calls without an answer, by reason.', [
    'group',
    'operation',
    'reason',
  ]);
  const changes = on.counter('trivet_redis_server_changes_total', 'Failovers, demotions and data losses.', [
    'group',
    'change',
  ]);
  on.fact<RedisServerEvent>('trivet:redis:server', ({ group, change }) => changes.inc({ group, change }));
  const show = ({ group, reads, writes }: Pick<RedisStateEvent, 'group' | 'reads' | 'writes'>) => {
    up.set({ group, kind: 'read' }, Number(reads === 'up'));
    up.set({ group, kind: 'write' }, Number(writes === 'up'));
  };
  for (const { group, state } of groups) show({ group, ...state });
  on.fact<RedisStateEvent>('trivet:redis:state', (event) => {
    show(event);
    transitions.inc({ group: event.group });
  });
  on.fact<RedisCommandEvent>('trivet:redis:command', ({ group, operation, failure, durationMs }) => {
    latency.observe({ group, operation }, durationMs / 1000);
    if (failure) failures.inc({ group, operation, reason: failure });
  });
}

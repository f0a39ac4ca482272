import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '@trivet/database';
import type { GuardedRedis } from '@trivet/redis';
import { REDIS_GROUPS } from './observability.tokens.js';

/** Whether a process can serve, and what it has to do without. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'unavailable';
  /** One entry per trouble, e.g. `session: reads and writes down (deadline)`; for operators only. */
  readonly reasons: readonly string[];
}

const databaseDeadlineMs = 1000;

/**
 * A lost Redis group degrades a process but never takes it out of service; only a process that has not started, is
 * going away, or has no database is unavailable.
 */
@Injectable()
export class Readiness implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #phase: 'starting' | 'serving' | 'stopping' = 'starting';

  constructor(
    private readonly database: Database,
    @Inject(REDIS_GROUPS) private readonly groups: readonly GuardedRedis[],
  ) {}

  onApplicationBootstrap(): void {
    this.#phase = 'serving';
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }

  /** From now on the process answers that it is not ready, so that no new work is sent to it. */
  drain(): void {
    this.#phase = 'stopping';
  }

  async check(): Promise<Health> {
    if (this.#phase !== 'serving') return { status: 'unavailable', reasons: [`process: ${this.#phase}`] };
    const degraded = this.groups.flatMap((group) => reasonOf(group));
    const database = await this.database.ping(databaseDeadlineMs).then(
      () => [],
      () => ['database: no answer'],
    );
    if (database.length > 0) return { status: 'unavailable', reasons: [...database, ...degraded] };
    return { status: degraded.length > 0 ? 'degraded' : 'ok', reasons: degraded };
  }
}

function reasonOf({ group, state }: GuardedRedis): string[] {
  if (state.writes === 'up') return [];
  const what = state.reads === 'up' ? 'writes' : 'reads and writes';
  return [`${group}: ${what} down (${state.reason})`];
}

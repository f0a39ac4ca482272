import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer } from '@trivet/fault-kit';
import { type RedisGroups } from '../platform/stores.js';
import { groupNames, type GroupName } from '../workspace.js';

/** One Redis of the running platform. */
export interface RedisRow {
  readonly group: GroupName;
  readonly role: 'master';
  readonly host: string;
  readonly port: number;
  /** Null while there is no process. */
  readonly pid: number | null;
  /** Whether it answers PING: false when it is down, and when it hangs. */
  readonly up: boolean;
}

export const redisActions = ['kill', 'hang', 'resume', 'start'] as const;
export type RedisAction = (typeof redisActions)[number];

/** The action makes no sense now; the message says what does. */
export class RedisActionError extends Error {
  readonly code = 'REDIS_ACTION_REFUSED';
  override readonly name = 'RedisActionError';
}

const PING_DEADLINE_MS = 300;

/** Asks every group at once. */
export function readRows(redis: RedisGroups): Promise<RedisRow[]> {
  return Promise.all(
    groupNames.map(async (group) => {
      const { host, port, pid = null } = redis[group];
      return { group, role: 'master' as const, host, port, pid, up: await answersPing(redis[group]) };
    }),
  );
}

/**
 * Does it and says in one sentence what came of it.
 *
 * @throws RedisActionError
 */
export async function act(redis: RedisGroups, action: RedisAction, group: GroupName): Promise<string> {
  const server = redis[group];
  const { pid } = server;
  switch (action) {
    case 'kill':
      await server.kill();
      return pid ? `${group} Redis killed (process ${pid}).` : `${group} Redis was down already.`;
    case 'hang':
      refuseWhenDown(group, server);
      server.hang();
      return `${group} Redis hangs (process ${pid} is stopped).`;
    case 'resume':
      refuseWhenDown(group, server);
      server.resume();
      return `${group} Redis goes on (process ${pid}).`;
    case 'start':
      server.resume();
      await server.start();
      return `${group} Redis is up (process ${server.pid}).`;
  }
}

function refuseWhenDown(group: GroupName, server: RedisServer): void {
  if (!server.isUp) throw new RedisActionError(`The ${group} Redis is down: start it first.`);
}

async function answersPing(server: RedisServer): Promise<boolean> {
  if (!server.isUp) return false;
  const late = new AbortController();
  const answer = server.command('PING').then(
    (reply) => reply === 'PONG',
    () => false,
  );
  const deadline = sleep(PING_DEADLINE_MS, false, late).catch(() => false);
  return Promise.race([answer, deadline]).finally(() => late.abort());
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Accepted } from './load.js';
import { type Placed } from './client.js';
import { type MortalPostgres } from './postgres.js';

/** What was promised against what has happened. */
export interface Tally {
  readonly accepted: number;
  readonly done: number;
  readonly lost: number;
  /** Jobs whose effect is there more than once. */
  readonly twice: number;
  /** Effects of jobs that nobody was told were accepted: an answer that got lost. */
  readonly unannounced: number;
}

/** When each effect was made, in milliseconds since the epoch, by job. */
export type Effects = ReadonlyMap<string, readonly number[]>;

const POLL_MS = 500;

export async function readEffects(postgres: MortalPostgres): Promise<Effects> {
  const rows = await postgres.ask<{ job_id: string; at: Date }>(
    'select job_id, at from stage.effects order by at',
  );
  const effects = new Map<string, number[]>();
  for (const { job_id: id, at } of rows) effects.set(id, [...(effects.get(id) ?? []), at.getTime()]);
  return effects;
}

/** Waits until nothing more is missing, or nothing has come for so long: what is late is not lost. */
export async function settle(
  postgres: MortalPostgres,
  accepted: readonly Placed[],
  patienceMs: number,
): Promise<Effects> {
  let [seen, seenAt] = [-1, 0];
  for (;;) {
    // Counted first: to read all of them each time would take the machine from the workers.
    const [row] = await postgres.ask<{ done: string }>(
      'select count(distinct job_id) as done from stage.effects',
    );
    const done = Number(row?.done);
    if (done !== seen) [seen, seenAt] = [done, performance.now()];
    const isOver = performance.now() - seenAt > patienceMs;
    if (isOver || done >= accepted.length) {
      const effects = await readEffects(postgres);
      if (isOver || accepted.every(({ id }) => effects.has(id))) return effects;
    }
    await sleep(POLL_MS);
  }
}

export function tallyOf(accepted: readonly Placed[], effects: Effects): Tally {
  const ids = new Set(accepted.map(({ id }) => id));
  const done = [...ids].filter((id) => effects.has(id)).length;
  return {
    accepted: ids.size,
    done,
    lost: ids.size - done,
    twice: [...effects.values()].filter((times) => times.length > 1).length,
    unannounced: [...effects.keys()].filter((id) => !ids.has(id)).length,
  };
}

/** How long after its acceptance each job was done, in milliseconds. */
export const delaysOf = (accepted: readonly Accepted[], effects: Effects): number[] =>
  accepted.flatMap(({ id, at }) => {
    const [first] = effects.get(id) ?? [];
    return first === undefined ? [] : [first - at];
  });

import { setTimeout as sleep } from 'node:timers/promises';
import { type Jobs } from '../load/jobs.js';
import { type Person } from '../load/person.js';
import { me } from '../load/routes.js';
import { jsonOf, type Answer } from '../load/send.js';
import { type Subject } from '../subject/subject.js';

const POLL_MS = 40;

/** Who looks where. */
export interface Scene {
  readonly subject: Subject;
  readonly watcher: Person;
  readonly jobs: Jobs;
}

/**
 * Waits until a person finds everything right again, and every process that can be asked says so.
 *
 * @returns milliseconds since it was called until that look began; null when the limit was reached
 */
export async function untilFullService(
  { subject, watcher, jobs }: Scene,
  limitMs: number,
): Promise<number | null> {
  const startedAt = performance.now();
  for (;;) {
    const lookedAt = performance.now();
    if (await isFull(subject, watcher, jobs)) return Math.round(lookedAt - startedAt);
    if (performance.now() - startedAt > limitMs) return null;
    await sleep(POLL_MS);
  }
}

async function isFull(subject: Subject, watcher: Person, jobs: Jobs): Promise<boolean> {
  if (!(await areHealthy(subject))) return false;
  const session = await watcher.ask(me('dashboard'));
  if (session.status === 401 && isWhole(session)) {
    // The session is lost for good; what counts from here on is whether a new one is to be had.
    await watcher.signIn();
    return false;
  }
  const courses = await watcher.ask({ app: 'learn', method: 'GET', path: '/api/courses', expects: [200] });
  if (!isLive(session) || courses.status !== 200 || ![session, courses].every(isWhole)) return false;
  const note = await jobs.takeNote(watcher);
  return note.status === 202 && isWhole(note);
}

/** Known by the session's own Redis again, not by a replica, a memory or a seal. */
const isLive = (answer: Answer): boolean =>
  jsonOf<{ session?: { mode: string } }>(answer, 200)?.session?.mode === 'live';

const isWhole = ({ end, headers }: Answer): boolean =>
  end === 'complete' && headers['x-degraded'] === undefined;

async function areHealthy({ management }: Subject): Promise<boolean> {
  const isHealthy = async (base: string): Promise<boolean> => {
    try {
      const response = await fetch(`${base}/health`, { signal: AbortSignal.timeout(1_000) });
      return ((await response.json()) as { status: string }).status === 'ok';
    } catch {
      return false; // Restarting, or busy: not full service.
    }
  };
  return (await Promise.all(Object.values(management).map(isHealthy))).every(Boolean);
}

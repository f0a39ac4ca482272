import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

/** Asks again and again until `check` says yes; false when it did not within the deadline. */
export async function eventually(check: () => Promise<boolean>, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (!(await check())) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

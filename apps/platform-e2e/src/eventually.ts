import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Asks until the answer is the wanted one. @throws an error that shows the last answer, after the deadline */
export async function eventually<T>(
  ask: () => Promise<T>,
  isWanted: (answer: T) => boolean,
  deadlineMs: number,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(`Still not so after ${deadlineMs} ms: ${JSON.stringify(answer)}`);
    }
    await sleep(POLL_MS);
  }
}

import { withDeadline } from '@trivet/redis';
import type { SessionClock } from '../session.clock.js';
import type { SessionIdentity } from '../session-record.js';
import type { SubjectSource, SubjectStanding } from './subject-source.js';

/** `not-known`: the database did not say in time. */
export type SubjectVerdict = 'clear' | 'revoked' | 'not-known';

/** How long an answer is believed, milliseconds: in an outage every request asks. */
const believedForMs = 5000;
const mostUsers = 10_000;

interface Answer {
  readonly standing: Promise<SubjectStanding | undefined>;
  readonly askedAt: number;
}

/** Asks the app's database about users, once in five seconds for each and process. */
export class SubjectStandings {
  readonly #answers = new Map<string, Answer>();

  constructor(
    private readonly source: SubjectSource | undefined,
    private readonly clock: SessionClock,
  ) {}

  /** Asks ahead of {@link SubjectStandings.judge}, while something else is waited for. */
  prepare(userId: string): void {
    if (this.source) void this.#ask(this.source, userId);
  }

  async judge({ userId, startedAt, deviceId }: SessionIdentity, deadlineMs: number): Promise<SubjectVerdict> {
    if (!this.source) return 'clear';
    try {
      const standing = await withDeadline(this.#ask(this.source, userId), deadlineMs);
      if (!standing) return 'revoked';
      const { sessionsNotBefore, sparedDeviceId } = standing;
      return startedAt > sessionsNotBefore || deviceId === sparedDeviceId ? 'clear' : 'revoked';
    } catch {
      // Whatever keeps the database from answering, it has reported itself.
      return 'not-known';
    }
  }

  #ask(source: SubjectSource, userId: string): Promise<SubjectStanding | undefined> {
    const now = this.clock.monotonic();
    const known = this.#answers.get(userId);
    if (known && now - known.askedAt < believedForMs) return known.standing;
    const standing = source.standingOf(userId);
    this.#answers.delete(userId);
    this.#answers.set(userId, { standing, askedAt: now });
    standing.catch(() => this.#answers.delete(userId));
    if (this.#answers.size > mostUsers) this.#answers.delete([...this.#answers.keys()][0] ?? '');
    return standing;
  }
}

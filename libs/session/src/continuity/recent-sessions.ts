import type { SessionClock } from '../session.clock.js';
import type { SessionIdentity } from '../session-record.js';

/** A session as this process has last seen Redis confirm it. */
export interface RecentSession {
  readonly identity: SessionIdentity;
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly verifiedAt: number;
}

/** For how long a process goes by what it has seen itself, milliseconds. */
const believedForMs = 30_000;
const mostSessions = 10_000;

/** The sessions that Redis has confirmed to this process within half a minute, the latest 10,000 of them. */
export class RecentSessions {
  readonly #sessions = new Map<string, RecentSession & { readonly seenAt: number }>();

  constructor(private readonly clock: SessionClock) {}

  remember(sidHash: string, session: RecentSession): void {
    this.#sessions.delete(sidHash);
    this.#sessions.set(sidHash, { ...session, seenAt: this.clock.monotonic() });
    if (this.#sessions.size <= mostSessions) return;
    const [oldest = ''] = this.#sessions.keys();
    this.#sessions.delete(oldest);
  }

  find(sidHash: string): RecentSession | undefined {
    const session = this.#sessions.get(sidHash);
    return session && this.clock.monotonic() - session.seenAt < believedForMs ? session : undefined;
  }

  forget(sidHash: string): void {
    this.#sessions.delete(sidHash);
  }
}

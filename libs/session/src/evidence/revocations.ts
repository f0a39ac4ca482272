import { withDeadline } from '@trivet/redis';
import { isOutage, type SessionRecords } from '../records/session-records.js';
import type { SessionClock } from '../session.clock.js';
import { sessionRevocationChannel, type SessionRevocationEvent } from '../session.events.js';
import type { EvidenceFeed } from './evidence-feed.js';
import { testimony, type Testimony } from './testimony.js';

/** How long the caller waits for the mirror; what it misses it is told later, milliseconds. */
const mirrorWaitMs = 250;

/**
 * Ends sessions. This process knows at once; the call succeeds when the session Redis or the mirror has taken the evidence, and
 * both are told until they have.
 */
export class Revocations {
  constructor(
    private readonly feed: EvidenceFeed,
    private readonly records: SessionRecords,
    private readonly clock: SessionClock,
  ) {}

  /** Ends one session by its id. @throws {RedisUnavailableError} when it is pending: neither store has taken it */
  async endSession(sidHash: string, userHash = ''): Promise<void> {
    const item = testimony.session(sidHash, userHash, this.clock.now());
    await this.#end(item, () => this.records.end(sidHash));
  }

  /**
   * Ends one of a user's sessions, whatever its id is by now.
   *
   * @returns how many records that ended; `undefined` when only the mirror has taken it.
   * @throws {RedisUnavailableError} as {@link Revocations.endSession}
   */
  async endLineage(userHash: string, lineage: string): Promise<number | undefined> {
    const item = testimony.lineage(lineage, userHash, this.clock.now());
    return this.#end(item, () => this.records.endOf(item));
  }

  /** Ends a user's sessions but for the lineage `exempt`. Otherwise as {@link Revocations.endLineage}. */
  async endUser(userHash: string, exempt = ''): Promise<number | undefined> {
    const item = testimony.user(userHash, this.clock.now(), exempt);
    return this.#end(item, () => this.records.endOf(item));
  }

  /** Ends everybody's sessions. @throws {RedisUnavailableError} as {@link Revocations.endSession} */
  async endEverybody(): Promise<void> {
    const item = testimony.all(this.clock.now());
    await this.#end(item, async () => this.feed.witness('redis')?.tell([item]));
  }

  /** Notes what a script has ended already. */
  note(sidHashes: readonly string[], userHash: string): void {
    const items = sidHashes.map((sidHash) => testimony.session(sidHash, userHash, this.clock.now()));
    for (const item of items) this.feed.hear(item);
    if (items.length > 0) void this.#tellMirror(items);
  }

  async #end<T>(item: Testimony, inRedis: () => Promise<T>): Promise<T | undefined> {
    this.feed.learn(item);
    const [redis, mirrored] = await Promise.all([
      inRedis().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
      this.#tellMirror([item]),
    ]);
    const stored = 'value' in redis ? (mirrored ? 'both' : 'redis') : mirrored ? 'mirror' : 'none';
    this.#publish(item.kind, stored);
    if ('value' in redis) {
      this.feed.witness('redis')?.acknowledge(item);
      return redis.value;
    }
    if (!mirrored || !isOutage(redis.error)) throw redis.error;
    return undefined;
  }

  /** @returns whether the mirror has it; what it misses it is owed. */
  #tellMirror(items: readonly Testimony[]): Promise<boolean> {
    const mirror = this.feed.witness('mirror');
    if (!mirror) return Promise.resolve(false);
    return withDeadline(mirror.tell(items), mirrorWaitMs).then(
      () => true,
      () => false,
    );
  }

  #publish(scope: SessionRevocationEvent['scope'], stored: SessionRevocationEvent['stored']): void {
    sessionRevocationChannel.publish({ scope, stored });
  }
}

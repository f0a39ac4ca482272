import { noPredecessor } from '../records/session-records.js';
import { refusalOf } from './admission.js';
import { admissionContext, ownerOf, type ContinuityParts } from './continuity-parts.js';
import { sessionCandidateChannel } from './continuity.events.js';
import type { Snapshot } from './snapshot.js';

/**
 * What came of an attempt to put a session back into Redis. `restored`: Redis has it again. `waits`: it may come back, but not
 * now, because too many do. `refused`: it was not lost, or it is over.
 */
export type Restored = 'restored' | 'waits' | 'refused';

/** How long the app's database may take, milliseconds. */
const deadlineMs = 150;

/** Puts sessions back that Redis has lost, or never had because it was away at the sign-in. */
export class Restoration {
  constructor(private readonly parts: ContinuityParts) {}

  /** @throws {RedisUnavailableError} */
  async restore(sidHash: string, snapshot: Snapshot): Promise<Restored> {
    const { provisional, verifiedAt } = snapshot;
    // In ordinary times what is absent has ended. Redis judges again, by the data that the session is absent from.
    if (!provisional && verifiedAt > this.parts.state.heart.lostBefore) return 'refused';
    const context = { ...admissionContext(this.parts, sidHash), deadlineMs };
    const refusal = await refusalOf({ source: 'snapshot', ...snapshot }, context);
    sessionCandidateChannel.publish({ source: 'snapshot', outcome: refusal ?? 'accepted' });
    if (refusal) return refusal === 'user-not-known' ? 'waits' : 'refused';
    return provisional ? this.#adopt(snapshot) : this.#rehydrate(snapshot);
  }

  async #rehydrate({ sidHash, identity, version, verifiedAt }: Snapshot): Promise<Restored> {
    const { records } = this.parts.state;
    const owner = ownerOf(this.parts, identity);
    const fields = this.#fields(sidHash, identity);
    const outcome = await records.rehydrate({ sidHash, owner, version, verifiedAt, fields });
    if (outcome === 'made' || outcome === 'present') return 'restored';
    return outcome === 'busy' ? 'waits' : 'refused';
  }

  /** A sign-in made while Redis was away is entered late, and only now meets the limit of sessions. */
  async #adopt({ sidHash, identity }: Snapshot): Promise<Restored> {
    const { records, revocations, options } = this.parts.state;
    const owner = ownerOf(this.parts, identity);
    const record = { sidHash, owner, fields: this.#fields(sidHash, identity) };
    const { outcome, ended } = await records.rotate(record, noPredecessor, options.maxSessionsPerUser);
    revocations.note(ended, owner.userHash);
    return outcome === 'saved' ? 'restored' : 'refused';
  }

  #fields(sidHash: string, identity: Snapshot['identity']): readonly string[] {
    return this.parts.state.codec.sealAll(sidHash, { identity });
  }
}

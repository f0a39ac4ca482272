import { RedisUnavailableError, type ReplicaReads } from '@trivet/redis';
import type { SessionState } from '../session.state.js';
import type { Candidate } from './admission.js';

/** How long a replica may take, milliseconds. */
const mostMs = 40;

/** Looks for a session on the replicas of the session Redis. */
export class ReplicaRung {
  constructor(
    private readonly replicas: ReplicaReads,
    private readonly state: SessionState,
  ) {}

  /** @returns `revoked` when the replica has evidence against it; nothing when it knows nothing, or does not answer. */
  async find(sidHash: string, leftMs: number): Promise<Candidate | 'revoked' | undefined> {
    const { records, codec } = this.state;
    try {
      const reply = await this.replicas.attempt(
        'session.read',
        (replica) => records.readFrom(replica, sidHash),
        Math.min(mostMs, leftMs),
      );
      if (reply.outcome === 'revoked') return 'revoked';
      if (reply.outcome !== 'found') return undefined;
      const { data, version } = codec.open(sidHash, reply.fields);
      // A replica may lag behind: all that is certain is that the master had the session when it was last touched.
      const verifiedAt = Number(reply.fields[reply.fields.indexOf('t') + 1]);
      return data.identity && { source: 'replica', sidHash, identity: data.identity, version, verifiedAt };
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      return undefined;
    }
  }
}

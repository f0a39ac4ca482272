/** What a look at the server showed, besides whether it works. */
export interface ServerSight {
  /** `host:port` that the connection ended up at. */
  readonly address: string;
  /** Whether the server says that it follows another one. */
  readonly isReplica: boolean;
  /** The mark that this group's data carries; it goes when the data goes. Absent when it could not be read. */
  readonly mark?: string;
}

/**
 * A change behind a group's address. `failover`: another server answers now. `demotion`: the server became a replica.
 * `data-loss`: the data are not the ones that were there before, after a FLUSHALL, a restart without persistence or a
 * failover to a server that never had them.
 */
export type ServerChange = 'failover' | 'demotion' | 'data-loss';

/** Compares each look at a group's server with the one before. */
export class ServerWatch {
  #last: ServerSight | undefined;

  see(sight: ServerSight): ServerChange[] {
    const last = this.#last;
    this.#last = { ...sight, mark: sight.mark ?? last?.mark ?? '' };
    if (!last) return [];
    const changes: ServerChange[] = [];
    if (last.address !== sight.address) changes.push('failover');
    if (!last.isReplica && sight.isReplica) changes.push('demotion');
    if (last.mark && sight.mark && last.mark !== sight.mark) changes.push('data-loss');
    return changes;
  }
}

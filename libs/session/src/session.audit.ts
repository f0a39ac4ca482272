import { sessionAuditChannel, type SessionAuditEvent } from './session.events.js';

/** Publishes the life of sessions, for whoever keeps an audit log. */
export class SessionAudit {
  constructor(private readonly app: string) {}

  publish(
    event: SessionAuditEvent['event'],
    about: {
      readonly sidHash?: string | undefined;
      readonly userHash?: string | undefined;
      readonly byHash?: string | undefined;
      readonly reason?: string;
    },
  ): void {
    const { sidHash, userHash, byHash, reason } = about;
    sessionAuditChannel.publish({
      event,
      app: this.app,
      ...(reason ? { reason } : {}),
      ...(sidHash ? { session: shortened(sidHash) } : {}),
      ...(userHash ? { user: shortened(userHash) } : {}),
      ...(byHash ? { by: shortened(byHash) } : {}),
    });
  }
}

/** Enough to tell sessions apart, and too little to be a key of a record. */
function shortened(hash: string): string {
  return hash.slice(0, 16);
}

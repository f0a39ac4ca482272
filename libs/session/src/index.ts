export { CsrfGuard } from './browser/csrf.guard.js';
export { type HandoffOptions } from './browser/handoff.options.js';
export { sessionRefusalChannel, type Refusal, type SessionRefusalEvent } from './browser/refusal.events.js';
export { SessionEnds, type SessionEnd } from './browser/session-ends.js';
export { type Device } from './device.js';
export { Evidence, type SessionClaim, type Verdict } from './evidence/evidence.js';
export { RequiresLiveSession } from './live-session.js';
export { type SessionIdentity } from './session-record.js';
export { SessionClock } from './session.clock.js';
export { StoreOperationRefusedError } from './session.errors.js';
export {
  sessionAuditChannel,
  sessionFeedChannel,
  sessionLossChannel,
  sessionRevocationChannel,
  sessionSaveChannel,
  sessionUnreadableChannel,
  type SessionAuditEvent,
  type SessionFeedEvent,
  type SessionLossEvent,
  type SessionRevocationEvent,
  type SessionSaveEvent,
  type SessionUnreadableEvent,
} from './session.events.js';
export { sessionMigrations } from './session.migrations.js';
export { sessionOutageOf } from './session.middleware.js';
export {
  sessionCandidateChannel,
  sessionServedChannel,
  type SessionCandidateEvent,
  type SessionServedEvent,
} from './continuity/continuity.events.js';
export { SubjectSource, type SubjectStanding } from './continuity/subject-source.js';
export { SessionModule } from './session.module.js';
export { sessionlessPaths, type SessionModuleOptions } from './session.options.js';
export { SessionService, type Revocation, type SessionInfo } from './session.service.js';
export { SESSION_GROUP } from './session.tokens.js';

export { CsrfGuard } from './csrf.guard.js';
export { type Device } from './device.js';
export { RequiresLiveSession } from './live-session.js';
export { type SessionIdentity } from './session-record.js';
export { sessionOutageOf } from './session.middleware.js';
export { SessionModule } from './session.module.js';
export { type SessionModuleOptions } from './session.options.js';
export { SessionService, type Revocation, type SessionInfo } from './session.service.js';
export { SESSION_GROUP } from './session.tokens.js';

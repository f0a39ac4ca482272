import type { Request } from 'express';
import type { SessionMode } from './session-mode.js';

/** How the session of a request was verified. */
export interface Verification {
  readonly mode: SessionMode;
  /** When the session Redis last confirmed it, milliseconds since the epoch. */
  readonly verifiedAt: number;
  /** Whether it began in this very outage: only the seal holds it. */
  readonly provisional: boolean;
}

const verifications = new WeakMap<Request, Verification>();

/** How the session of a request was verified; `undefined` for a guest. */
export function verificationOf(request: Request): Verification | undefined {
  return verifications.get(request);
}

/** Notes it for the rest of the request. */
export function setVerification(request: Request, verification: Verification): void {
  verifications.set(request, verification);
}

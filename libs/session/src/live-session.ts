import { SetMetadata, type ExecutionContext } from '@nestjs/common';
import { type Reflector } from '@nestjs/core';

const REQUIRES_LIVE_SESSION = Symbol('REQUIRES_LIVE_SESSION');

/**
 * Marks a step-up: an operation such as a password change that is only done with a session which the session Redis
 * has just confirmed. While it cannot, the answer is 503 with `Retry-After`, and the session is kept.
 */
export const RequiresLiveSession = (): MethodDecorator & ClassDecorator =>
  SetMetadata(REQUIRES_LIVE_SESSION, true);

/** Whether the handler about to run is marked with {@link RequiresLiveSession}. */
export function requiresLiveSession(reflector: Reflector, context: ExecutionContext): boolean {
  return (
    reflector.getAllAndOverride<boolean | undefined>(REQUIRES_LIVE_SESSION, [
      context.getHandler(),
      context.getClass(),
    ]) === true
  );
}

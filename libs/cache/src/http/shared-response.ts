import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { ServerResponse } from 'node:http';
import { rawResponse } from './raw-response.js';

const SHARED_RESPONSE = Symbol('SHARED_RESPONSE');

/**
 * Keeps cookies away from the answers of shared routes, whoever sets them and whenever. It refuses nobody; it is a guard because
 * guards come before every interceptor, in whatever order a route declares them, and one that caches answers hits by itself.
 */
@Injectable()
export class SharedResponseGuard implements CanActivate {
  canActivate(context: ExecutionContext): true {
    if (context.getType() === 'http') withholdCookies(rawResponse(context));
    return true;
  }
}

/**
 * Declares that a route's body is the same for everybody, signed in or not. Requests with cookies may then be answered
 * from the cache, and no `Set-Cookie` leaves with such an answer: the cookie of one reader must not reach another.
 */
export const SharedResponse = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(SHARED_RESPONSE, true), UseGuards(SharedResponseGuard));

/** Whether the route under way is declared as {@link SharedResponse}. */
export function isSharedResponse(reflector: Reflector, context: ExecutionContext): boolean {
  return (
    reflector.getAllAndOverride<boolean>(SHARED_RESPONSE, [context.getHandler(), context.getClass()]) ?? false
  );
}

/** express-session sets its cookie as late as `writeHead`, so it is the setting that is refused, not what was set. */
function withholdCookies(response: ServerResponse): void {
  response.removeHeader('Set-Cookie');
  const isCookie = (name: string) => name.toLowerCase() === 'set-cookie';
  const setHeader = response.setHeader.bind(response);
  const appendHeader = response.appendHeader.bind(response);
  response.setHeader = (name, value) => (isCookie(name) ? response : setHeader(name, value));
  response.appendHeader = (name, value) => (isCookie(name) ? response : appendHeader(name, value));
}

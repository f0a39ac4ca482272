import {
  applyDecorators,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner } from '@nestjs/core';
import type { ServerResponse } from 'node:http';
import { posix } from 'node:path';
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
export function isSharedResponse(context: ExecutionContext): boolean {
  return isDeclaredShared(context.getHandler(), context.getClass());
}

/**
 * The paths of controllers where every route is declared as {@link SharedResponse}, for a session module to leave out: who answers
 * everybody alike need not know who asks. They are taken from the decorators, without global prefix and version.
 */
export function sharedPaths(...controllers: readonly Type[]): string[] {
  const routes = controllers.flatMap(routesOf);
  const others = new Set(routes.filter(({ isShared }) => !isShared).map(({ path }) => path));
  return [...new Set(routes.map(({ path }) => path))].filter((path) => !others.has(path));
}

function routesOf(controller: Type) {
  const prototype = controller.prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name] ?? {};
    const isShared = isDeclaredShared(handler, controller);
    const paths = pathsOf(controller).flatMap((outer) =>
      pathsOf(handler).map((inner) => joined(outer, inner)),
    );
    return paths.map((path) => ({ path, isShared }));
  });
}

const isDeclaredShared = (handler: object, controller: object): boolean =>
  [handler, controller].some((declared) => Reflect.getMetadata(SHARED_RESPONSE, declared) === true);

const joined = (outer: string, inner: string): string =>
  posix.join('/', outer, inner).replace(/(?<=.)\/$/, '');

/** None for what is no route. */
function pathsOf(declared: object): string[] {
  return [(Reflect.getMetadata(PATH_METADATA, declared) as string | string[] | undefined) ?? []].flat();
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

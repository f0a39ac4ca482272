import {
  ForbiddenException,
  Inject,
  Injectable,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request } from 'express';
import { timingSafeEqual } from 'node:crypto';
import type { ResolvedSessionOptions } from './session.options.js';
import { RESOLVED_SESSION_OPTIONS } from './session.tokens.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that another site, or a sibling subdomain, makes a browser ask for. The browser's own word counts
 * first (`Sec-Fetch-Site`, then `Origin`; same-site is not trusted). A request with neither header needs the session's
 * token when it is signed in, and JSON, which no form can send, when it is not.
 */
@Injectable()
export class CsrfGuard implements CanActivate {
  readonly #origin: string;

  constructor(@Inject(RESOLVED_SESSION_OPTIONS) { publicUrl }: ResolvedSessionOptions) {
    this.#origin = new URL(publicUrl).origin;
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Request>();
    if (safeMethods.has(request.method)) return true;
    const { origin } = request.headers;
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined) return allow(site === 'same-origin' || site === 'none');
    if (origin !== undefined) return allow(origin === this.#origin);
    return this.#judgeWithoutHeaders(request);
  }

  #judgeWithoutHeaders(request: Request): boolean {
    const expected = request.session?.identity?.csrfToken;
    if (expected !== undefined) return allow(isSame(expected, tokenOf(request)));
    const hasBody =
      request.headers['content-length'] !== undefined && request.headers['content-length'] !== '0';
    if (hasBody && !request.is('application/json')) {
      throw new UnsupportedMediaTypeException('Send application/json.');
    }
    return true;
  }
}

function allow(trusted: boolean): true {
  if (trusted) return true;
  throw new ForbiddenException(
    'This request did not come from this site. Send the token of GET /api/me as X-CSRF-Token.',
  );
}

function tokenOf(request: Request): string {
  const field = (request.body as { _csrf?: unknown } | undefined)?._csrf;
  return request.get('x-csrf-token') ?? (typeof field === 'string' ? field : '');
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

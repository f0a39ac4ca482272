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
import type { ResolvedSessionOptions } from '../session.options.js';
import { RESOLVED_SESSION_OPTIONS } from '../session.tokens.js';
import { publishRefusal, type Refusal } from './refusal.events.js';
import { doubtSession, standingOf } from './standing.js';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses changes that another site, or a sibling subdomain, makes a browser ask for. The browser's own word counts
 * first (`Sec-Fetch-Site`, then `Origin`; same-site is not trusted). A request with neither header needs the session's
 * token when it is signed in, and JSON, which no form can send, when it is not. So does, whatever its headers, a request whose
 * session no binder ties to the browser.
 */
@Injectable()
export class CsrfGuard implements CanActivate {
  readonly #origin: string;

  constructor(@Inject(RESOLVED_SESSION_OPTIONS) private readonly options: ResolvedSessionOptions) {
    this.#origin = new URL(options.publicUrl).origin;
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Request>();
    if (safeMethods.has(request.method)) return true;
    const refusal = this.#judge(request);
    if (refusal === undefined) return true;
    publishRefusal(this.options.app, refusal);
    throw refusalErrors[refusal]();
  }

  #judge(request: Request): keyof typeof refusalErrors | undefined {
    const saysOwn = this.#isOwn(request);
    if (saysOwn === false) return 'cross-site';
    const token = request.session?.identity?.csrfToken;
    if (token === undefined) return saysOwn || !couldBeForm(request) ? undefined : 'not-json';
    const isOwn = saysOwn && standingOf(request) !== 'unbound';
    if (isOwn || isSame(token, tokenOf(request))) return undefined;
    if (!saysOwn || !couldBeForm(request)) return 'no-token';
    // A form that our page showed to a guest, because nothing ties the session to this browser: the sign-in, above all.
    doubtSession(request);
    return undefined;
  }

  /** What the browser says about where the request comes from; undefined when it says nothing. */
  #isOwn(request: Request): boolean | undefined {
    const { origin, 'sec-fetch-site': site } = request.headers;
    if (site !== undefined) return site === 'same-origin' || site === 'none';
    return origin === undefined ? undefined : origin === this.#origin;
  }
}

const refusalErrors = {
  'cross-site': () => new ForbiddenException('This request did not come from this site.'),
  'no-token': () =>
    new ForbiddenException(
      'This request did not come from this site. Send the token of GET /api/me as X-CSRF-Token.',
    ),
  'not-json': () => new UnsupportedMediaTypeException('Send application/json.'),
} satisfies Partial<Record<Refusal, () => Error>>;

/** A form always names a type of its own; only a request without a body may name none. */
function couldBeForm({ headers }: Request): boolean {
  const { 'content-type': type, 'content-length': length = '0', 'transfer-encoding': coding } = headers;
  if (type === undefined) return coding !== undefined || length !== '0';
  return !/^application\/json *(;|$)/i.test(type);
}

function tokenOf(request: Request): string {
  const field = (request.body as { _csrf?: unknown } | undefined)?._csrf;
  return request.get('x-csrf-token') ?? (typeof field === 'string' ? field : '');
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

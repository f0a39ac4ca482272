import type { Request, Response } from 'express';
import { valuesOf } from './cookie-header.js';

/**
 * A cookie of one app alone. Over https its name begins with `__Host-`, so no sibling can set it, whatever path or domain it
 * tries; on plain-http `*.localhost`, where not every browser takes the prefix, it is only kept from being sent to siblings.
 */
export class AppCookie {
  readonly name: string;

  constructor(
    name: string,
    private readonly secure: boolean,
  ) {
    this.name = (secure ? '__Host-' : '') + name;
  }

  /** Every value that came, because without the prefix there may be several. */
  read(request: Request): readonly string[] {
    return valuesOf(request.headers.cookie, this.name);
  }

  set(response: Response, value: string, maxAgeMs: number): void {
    response.cookie(this.name, value, { ...this.#scope, maxAge: maxAgeMs });
  }

  clear(response: Response): void {
    response.clearCookie(this.name, this.#scope);
  }

  get #scope() {
    return { path: '/', httpOnly: true, sameSite: 'lax', secure: this.secure } as const;
  }
}

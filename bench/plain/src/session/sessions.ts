import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { SessionData } from 'express-session';
import { SessionMiddleware } from './session.middleware.js';

type StoredSession = SessionData & { readonly id: string };

/** What a device is called from outside: the session's id itself would be as good as its cookie. */
const deviceId = (sid: string): string => createHash('sha256').update(sid).digest('hex').slice(0, 24);

/** What the apps do with sessions, on express-session's own API. */
@Injectable()
export class Sessions {
  constructor(private readonly middleware: SessionMiddleware) {}

  async signIn(request: Request, userId: string): Promise<void> {
    await promisify<void>((done) => request.session.regenerate(done))();
    request.session.userId = userId;
    request.session.signedInAt = new Date().toISOString();
  }

  async signOut({ session }: Request): Promise<void> {
    await promisify<void>((done) => session.destroy(done))();
  }

  async devices({ sessionID, session }: Request) {
    return (await this.#of(session.userId)).map(({ id, signedInAt }) => ({
      id: deviceId(id),
      label: 'Browser',
      app: 'dashboard',
      current: id === sessionID,
      firstSeenAt: signedInAt,
      lastSeenAt: new Date().toISOString(),
    }));
  }

  /** Ends those sessions of the person that `isMeant` picks. Resolves to their number. */
  async revoke(
    { sessionID, session }: Request,
    isMeant: (device: { readonly id: string; readonly current: boolean }) => boolean,
  ): Promise<number> {
    const meant = (await this.#of(session.userId)).filter(({ id }) =>
      isMeant({ id: deviceId(id), current: id === sessionID }),
    );
    await Promise.all(meant.map(({ id }) => this.middleware.store.destroy(id)));
    return meant.length;
  }

  async #of(userId: string | undefined): Promise<StoredSession[]> {
    const all = (await this.middleware.store.all()) as StoredSession[];
    return all.filter((session) => session.userId === userId);
  }
}

import type { Platform } from '@trivet/tools';
import request, { type Test } from 'supertest';

/** The two apps that people visit. */
export type WebApp = 'dashboard' | 'learn';
type Method = 'get' | 'post' | 'put' | 'delete';

const sessionCookie = '_shared_org_session';
const demoPassword = 'correct horse';

/** What an answer says, read by its type. */
export const bodyOf = async <T = unknown>(test: Test): Promise<T> => (await test).body as T;

/** Somebody with one cookie jar for both apps and, once signed in, the token that changes need. */
export class Visitor {
  /** Value of the session cookie. */
  cookie: string | undefined;
  csrfToken: string | undefined;
  /** All other cookies: those of both apps, and what each has set for itself alone. */
  readonly #jar: Readonly<Record<WebApp | 'both', Map<string, string>>> = {
    both: new Map(),
    dashboard: new Map(),
    learn: new Map(),
  };

  constructor(private readonly platform: Platform) {}

  /** A visitor who has signed in as `<name>@trivet.localhost`, and has been on both apps. */
  static async signedIn(platform: Platform, name: string): Promise<Visitor> {
    const visitor = new Visitor(platform);
    await visitor.signIn(name).expect(200);
    await visitor.readToken();
    await visitor.enter('learn');
    return visitor;
  }

  /** Somebody else with the same cookies. */
  copy(): Visitor {
    const copy = new Visitor(this.platform);
    [copy.cookie, copy.csrfToken] = [this.cookie, this.csrfToken];
    for (const whose of ['both', 'dashboard', 'learn'] as const) {
      for (const [name, value] of this.#jar[whose]) copy.#jar[whose].set(name, value);
    }
    return copy;
  }

  /** Opens the app's first page, by way of the dashboard where the app asks it whose browser this is. */
  async enter(app: WebApp): Promise<void> {
    let answer = await this.page(app, '/');
    while (answer.status === 303) {
      const { origin, pathname, search } = new URL(answer.headers['location'] as string);
      const next = origin === this.platform.urls.dashboard ? 'dashboard' : 'learn';
      answer = await this.page(next, pathname + search);
    }
  }

  signIn(name: string, password = demoPassword): Test {
    return this.post('dashboard', '/api/login', { email: `${name}@trivet.localhost`, password });
  }

  async readToken(): Promise<void> {
    const { csrfToken } = await bodyOf<{ csrfToken: string }>(this.get('dashboard', '/api/me').expect(200));
    this.csrfToken = csrfToken;
  }

  get(app: WebApp, path: string): Test {
    return this.#request(app, 'get', path);
  }

  /** As a browser asks for a page. */
  page(app: WebApp, path: string): Test {
    return this.get(app, path).set('Accept', 'text/html');
  }

  post(app: WebApp, path: string, body?: string | object): Test {
    return this.#request(app, 'post', path).send(body);
  }

  /** As a browser sends a form of one of the app's own pages. */
  submit(app: WebApp, path: string, fields: Record<string, string> = {}): Test {
    return this.#request(app, 'post', path)
      .type('form')
      .set('Accept', 'text/html')
      .set('Sec-Fetch-Site', 'same-origin')
      .send(fields);
  }

  put(app: WebApp, path: string, body: object): Test {
    return this.#request(app, 'put', path).send(body);
  }

  delete(app: WebApp, path: string): Test {
    return this.#request(app, 'delete', path);
  }

  #request(app: WebApp, method: Method, path: string): Test {
    // Node resolves no *.localhost.
    const test = request(`http://127.0.0.1:${this.platform.ports[app]}`)[method](path);
    test.set('Host', new URL(this.platform.urls[app]).host);
    const session: [string, string][] = this.cookie === undefined ? [] : [[sessionCookie, this.cookie]];
    const sent = [...session, ...this.#jar.both, ...this.#jar[app]];
    if (sent.length > 0) test.set('Cookie', sent.map(([name, value]) => `${name}=${value}`).join('; '));
    if (this.csrfToken !== undefined) test.set('X-CSRF-Token', this.csrfToken);
    return test.on('response', ({ headers }: { headers: Record<string, unknown> }) =>
      this.#keep(app, headers),
    );
  }

  #keep(app: WebApp, { 'set-cookie': cookies = [] }: Record<string, unknown>): void {
    for (const line of cookies as string[]) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      const jar = this.#jar[line.includes('Domain=') ? 'both' : app];
      if (name === sessionCookie) this.cookie = value || undefined;
      else if (value) jar.set(name, value);
      else jar.delete(name);
    }
  }
}

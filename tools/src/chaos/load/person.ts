import { type Ask, type WebApp } from './ask.js';
import { CookieJar } from './cookie-jar.js';
import { me } from './routes.js';
import { jsonOf, send, type Answer } from './send.js';

/** Where the platform under test answers. */
export type Doors = Readonly<Record<WebApp, number>>;

export interface Account {
  readonly email: string;
  password: string;
}

const REDIRECTS_FOLLOWED = 4;

/** A browser: one person, one cookie jar for both apps. */
export class Person {
  readonly #jar = new CookieJar();
  /** How often the session's id changed although nobody had signed in. */
  sidsReplaced = 0;
  #isSigningIn = false;
  #csrfToken = '';

  constructor(
    readonly account: Account,
    private readonly doors: Doors,
  ) {}

  get hasCookies(): boolean {
    return !this.#jar.isEmpty;
  }

  /** The jar as an app is sent it. */
  cookiesFor(app: WebApp): string {
    return this.#jar.header(app);
  }

  /**
   * Sends a request as this person's browser does, and goes where a page leads: each app may ask the dashboard first
   * whether this browser is the one that signed in. `cookie` takes the place of the jar.
   */
  async ask(ask: Ask, cookie?: string): Promise<Answer> {
    let answer = await this.#send(ask, cookie);
    if (ask.method !== 'GET' || ask.expects.includes(303)) return answer;
    for (let hops = 0; hops < REDIRECTS_FOLLOWED; hops++) {
      const next = this.#nextOf(ask, answer);
      if (next === undefined) break;
      const { ms } = answer;
      answer = await this.#send(next, cookie);
      answer = { ...answer, ms: answer.ms + ms };
    }
    return answer;
  }

  /** Signs in with an empty jar, and reads the token that changes need. */
  async signIn(): Promise<Answer> {
    this.forgetCookies();
    this.#isSigningIn = true;
    const answer = await this.ask(signIn(this.account));
    this.#isSigningIn = false;
    if (answer.status === 200) await this.ask(me('dashboard'));
    return answer;
  }

  forgetCookies(): void {
    this.#jar.clear();
    this.#csrfToken = '';
  }

  async #send({ app, method, path, body }: Ask, cookie?: string): Promise<Answer> {
    const host = this.#hostOf(app);
    const sent = cookie ?? this.#jar.header(app);
    const answer = await send({
      port: this.doors[app],
      method,
      path,
      headers: {
        host,
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) chaos',
        accept: path.startsWith('/api') ? 'application/json' : 'text/html',
        ...(sent !== '' && { cookie: sent }),
        ...(method !== 'GET' && this.#proofOf(host)),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (cookie === undefined) this.#learnFrom(answer, app, path);
    return answer;
  }

  /** What a browser and the app's own script say with a change. */
  #proofOf(host: string): Record<string, string> {
    const token: Record<string, string> = this.#csrfToken === '' ? {} : { 'x-csrf-token': this.#csrfToken };
    return { origin: `http://${host}`, 'sec-fetch-site': 'same-origin', ...token };
  }

  #learnFrom(answer: Answer, app: WebApp, path: string): void {
    for (const line of answer.headers['set-cookie'] ?? [])
      if (this.#jar.keep(line, app) && !this.#isSigningIn) this.sidsReplaced++;
    if (path !== '/api/me') return;
    this.#csrfToken = jsonOf<{ csrfToken: string }>(answer, 200)?.csrfToken ?? this.#csrfToken;
  }

  /** The page that an answer leads to; undefined when it is the last one, or leads to the sign-in or elsewhere. */
  #nextOf({ app }: Ask, { status, headers }: Answer): Ask | undefined {
    if (status !== 303 || headers.location === undefined) return undefined;
    const { host, pathname, search } = new URL(headers.location, `http://${this.#hostOf(app)}`);
    const to = (['dashboard', 'learn'] as const).find((name) => this.#hostOf(name) === host);
    if (to === undefined || pathname === '/login') return undefined;
    return { app: to, method: 'GET', path: `${pathname}${search}`, expects: [200] };
  }

  readonly #hostOf = (app: WebApp): string => `${app}.trivet.localhost:${this.doors[app]}`;
}

/** A sign-in may be refused while it could not be remembered. */
export const signIn = ({ email, password }: Account): Ask => ({
  app: 'dashboard',
  method: 'POST',
  path: '/api/login',
  body: { email, password },
  expects: [200],
  mayRefuse: true,
  isHashing: true,
});

import { type Ask, type WebApp } from './ask.js';
import { send, type Answer } from './send.js';

/** Where the platform under test answers. */
export type Doors = Readonly<Record<WebApp, number>>;

export interface Account {
  readonly email: string;
  password: string;
}

/** A browser: one person, one cookie jar for both apps. */
export class Person {
  readonly #cookies = new Map<string, string>();
  /** How often the session's cookie changed although nobody had signed in. */
  sidsReplaced = 0;
  #isSigningIn = false;

  constructor(
    readonly account: Account,
    private readonly doors: Doors,
  ) {}

  /** The jar as it is sent. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Sends a request as this person's browser does; `cookie` takes the place of the jar. */
  async ask({ app, method, path, body }: Ask, cookie?: string): Promise<Answer> {
    const port = this.doors[app];
    const host = `${app}.trivet.localhost:${port}`;
    const change = { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    const sent = cookie ?? this.cookie;
    const answer = await send({
      port,
      method,
      path,
      headers: {
        host,
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) chaos',
        accept: path.startsWith('/api') ? 'application/json' : 'text/html',
        ...(sent !== '' && { cookie: sent }),
        ...(method !== 'GET' && change),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (cookie === undefined) this.#keep(answer);
    return answer;
  }

  /** Signs in with an empty jar. */
  async signIn(): Promise<Answer> {
    this.#cookies.clear();
    this.#isSigningIn = true;
    const answer = await this.ask(signIn(this.account));
    this.#isSigningIn = false;
    return answer;
  }

  forgetCookies(): void {
    this.#cookies.clear();
  }

  #keep({ headers }: Answer): void {
    for (const line of headers['set-cookie'] ?? []) {
      const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s);
      const before = this.#cookies.get(name);
      if (!this.#isSigningIn && /sess|sid/i.test(name) && before !== undefined && before !== value)
        this.sidsReplaced++;
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
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

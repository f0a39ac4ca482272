import { type WebApp } from './ask.js';

/** What one browser keeps for the two apps: cookies with a Domain go to both, all others back to where they came from. */
export class CookieJar {
  readonly #kept = new Map<string, { readonly app: WebApp | 'both'; readonly name: string; value: string }>();

  /** The `Cookie` header for an app; empty when there is none. */
  header(app: WebApp): string {
    return [...this.#kept.values()]
      .filter((cookie) => cookie.app === 'both' || cookie.app === app)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  get isEmpty(): boolean {
    return this.#kept.size === 0;
  }

  /** Takes a `Set-Cookie` line that came from an app. True when it puts another session id in place of one. */
  keep(line: string, from: WebApp): boolean {
    const [name = '', value = ''] = (line.split(';', 1)[0] ?? '').split(/=(.*)/s);
    const app = /;\s*domain=/i.test(line) ? 'both' : from;
    const key = `${app} ${name}`;
    const before = this.#kept.get(key)?.value;
    if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.#kept.delete(key);
    else this.#kept.set(key, { app, name, value });
    return /sess|sid/i.test(name) && before !== undefined && sidOf(before) !== sidOf(value);
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** express-session's `s:<sid>.<signature>`: the same session may be signed anew. */
const sidOf = (value: string): string => value.split('.', 1)[0] ?? '';

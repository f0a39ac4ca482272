// One learner's browser: cookies, redirects between the two apps, and connections that stay open.
import { Buffer } from 'node:buffer';
import { Agent, request } from 'node:http';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends a request to an app of a stack. Resolves to status 0 when nobody answered. */
export function send({ doors, app, method = 'GET', path, headers = {}, body }) {
  const host = `${app}.trivet.localhost:${doors[app]}`;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const json = text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  const options = { agent, host: '127.0.0.1', port: doors[app], method, path };
  return new Promise((resolve) => {
    const sent = request({ ...options, headers: { host, ...headers, ...json } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.on('error', () => resolve({ status: 0, headers: {}, body: '' }));
    sent.end(text);
  });
}

export class Browser {
  #cookies = new Map();

  constructor(doors) {
    this.doors = doors;
  }

  /** The `Cookie` header for an app: cookies with a Domain go to both. */
  cookie(app) {
    const cookies = [...this.#cookies.values()].filter(({ of }) => of === 'both' || of === app);
    return cookies.map(({ pair }) => pair).join('; ');
  }

  async ask({ app, ...rest }) {
    const origin = `http://${app}.trivet.localhost:${this.doors[app]}`;
    const headers = { cookie: this.cookie(app), origin, 'sec-fetch-site': 'same-origin', ...rest.headers };
    const answer = await send({ doors: this.doors, app, ...rest, headers });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair] = line.split(';', 1);
      const of = /;\s*domain=/i.test(line) ? 'both' : app;
      this.#cookies.set(`${of} ${pair.split('=', 1)[0]}`, { of, pair });
    }
    return answer;
  }

  /** Opens a page and goes where it leads, as an app that asks the other who this is. */
  async open(app, path) {
    let answer = await this.ask({ app, path, headers: { accept: 'text/html' } });
    for (let hops = 0; answer.status === 303 && hops < 4; hops += 1) {
      const next = new URL(answer.headers.location, `http://${app}.trivet.localhost:${this.doors[app]}`);
      const to = next.hostname.split('.', 1)[0];
      answer = await this.ask({
        app: to,
        path: next.pathname + next.search,
        headers: { accept: 'text/html' },
      });
    }
    if (answer.status !== 200) throw new Error(`${app}${path} answered ${answer.status}`);
    return answer;
  }

  async signIn(name) {
    const body = { email: `${name}@trivet.localhost`, password: 'correct horse' };
    const answer = await this.ask({ app: 'dashboard', method: 'POST', path: '/api/login', body });
    if (answer.status !== 200) throw new Error(`The sign-in of ${name} answered ${answer.status}`);
  }
}

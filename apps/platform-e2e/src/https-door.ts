import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TlsFiles } from '@trivet/fault-kit';

/** A request that came in, as the app behind got it. */
export interface SeenRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Ends TLS in front of the apps, as an ingress does, for all subdomains on one port: there the cookies have the prefixes that
 * they have in production. Writes down what comes in.
 */
export class HttpsDoor {
  readonly seen: SeenRequest[] = [];
  readonly #behind = new Map<string, number | Answer>();

  private constructor(
    private readonly server: Server,
    private readonly tls: TlsFiles,
  ) {
    server.on('request', (incoming: IncomingMessage, answer: ServerResponse) => this.#pass(incoming, answer));
  }

  static async open(): Promise<HttpsDoor> {
    const tls = await TlsFiles.create();
    const [key, cert] = await Promise.all([readFile(tls.valid.key), readFile(tls.valid.certificate)]);
    const server = createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HttpsDoor(server, tls);
  }

  /** Address of a subdomain, such as `https://learn.trivet.localhost:4711`. */
  url(name: string): string {
    return `https://${name}.trivet.localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** Leads a subdomain to a port, or to an answer of the spec's own. */
  lead(name: string, to: number | Answer): void {
    this.#behind.set(`${name}.trivet.localhost`, to);
  }

  /** The last request of a kind to a subdomain, those for parts of a page aside. */
  last(name: string, method = 'GET'): SeenRequest | undefined {
    return this.seen.findLast(
      (one) =>
        one.host === `${name}.trivet.localhost` &&
        one.method === method &&
        !/^\/(assets|favicon)/.test(one.path),
    );
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.tls.remove();
  }

  #pass(incoming: IncomingMessage, answer: ServerResponse): void {
    const { method = '', url: path = '', headers } = incoming;
    const host = (headers.host ?? '').split(':')[0] ?? '';
    this.seen.push({ host, method, path, headers });
    const to = this.#behind.get(host);
    if (typeof to === 'function') return to(incoming, answer);
    if (to === undefined) return void answer.writeHead(502).end();
    const forwarded = { ...headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' };
    const outgoing = request({ host: '127.0.0.1', port: to, method, path, headers: forwarded }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  }
}

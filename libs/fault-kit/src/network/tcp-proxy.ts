import { once as event } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../process/free-port.js';
import { ProxyLink } from './proxy-link.js';
import { once, type Undo } from '../undo.js';
import type { Toxic } from './toxic.js';

/** Where a proxy forwards to. */
export interface TcpProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
}

/**
 * A TCP proxy in front of a server, for the faults a process cannot make. Clients connect to `url`. Each toxic
 * works at once, on the connections its description names, until the undo it returns; toxics may overlap.
 */
export class TcpProxy {
  readonly host = '127.0.0.1';
  readonly port: number;
  /** `redis://127.0.0.1:port/0` */
  readonly url: string;
  readonly #target: TcpProxyOptions['target'];
  readonly #toxics = new Set<Toxic>();
  readonly #links = new Set<ProxyLink>();
  #listener: Server | undefined;

  private constructor(port: number, target: TcpProxyOptions['target']) {
    this.port = port;
    this.url = `redis://${this.host}:${port}/0`;
    this.#target = target;
  }

  static async start({ target }: TcpProxyOptions): Promise<TcpProxy> {
    const proxy = new TcpProxy(await freePort(), target);
    await proxy.#listen();
    return proxy;
  }

  /** Open client connections. */
  get connections(): number {
    return this.#links.size;
  }

  /** Connections get ECONNREFUSED; existing ones are reset. */
  refuse(): Undo {
    return this.#put({ kind: 'refuse' });
  }

  /**
   * The network swallows everything: connections are accepted by the kernel and nothing else ever happens, and
   * existing ones fall silent. As with a healed partition, undo delivers what was sent meanwhile.
   */
  blackHole(): Undo {
    return this.#put({ kind: 'blackHole' });
  }

  /** Every reply comes `ms` later, plus up to `jitterMs` at random; order is kept. */
  delay({ ms, jitterMs = 0 }: { readonly ms: number; readonly jitterMs?: number }): Undo {
    return this.#put({ kind: 'delay', ms, jitterMs });
  }

  /**
   * The server forgets the existing connections without telling anybody: what clients send on them is swallowed,
   * nothing comes back. New connections work. Undo resets the forgotten ones.
   */
  halfOpen(): Undo {
    const forgotten = [...this.#links];
    for (const link of forgotten) link.forget();
    return once(async () => {
      for (const link of forgotten) link.reset();
    });
  }

  /** Existing connections get RST, new ones right after they are accepted. */
  reset(): Undo {
    return this.#put({ kind: 'reset' });
  }

  /** Each connection delivers `afterBytes` more bytes of replies and then ends. */
  truncate({ afterBytes }: { readonly afterBytes: number }): Undo {
    return this.#put({ kind: 'truncate', afterBytes });
  }

  /** Replies are replaced by as many bytes that are no RESP. */
  garbage(): Undo {
    return this.#put({ kind: 'garbage' });
  }

  /** Resets every connection and frees the port. */
  async close(): Promise<void> {
    this.#toxics.clear();
    const links = [...this.#links];
    for (const link of links) link.reset();
    await Promise.all([this.#unlisten(), ...links.map(({ closed }) => closed)]);
  }

  #put(toxic: Toxic): Undo {
    this.#toxics.add(toxic);
    if (toxic.kind === 'refuse') void this.#unlisten();
    this.#tellLinks();
    return once(async () => {
      if (!this.#toxics.delete(toxic)) return;
      this.#tellLinks();
      if (![...this.#toxics].some(({ kind }) => kind === 'refuse')) await this.#listen();
    });
  }

  #tellLinks(): void {
    for (const link of this.#links) link.obey(this.#toxics);
  }

  #accept(client: Socket): void {
    const link = new ProxyLink(client, this.#target);
    this.#links.add(link);
    void link.closed.then(() => this.#links.delete(link));
    link.obey(this.#toxics);
  }

  async #listen(): Promise<void> {
    if (this.#listener) return;
    this.#listener = createServer({ noDelay: true, allowHalfOpen: true }, (client) => this.#accept(client));
    this.#listener.listen(this.port, this.host);
    await event(this.#listener, 'listening');
  }

  async #unlisten(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    if (listener) await new Promise<unknown>((resolve) => listener.close(resolve));
  }
}

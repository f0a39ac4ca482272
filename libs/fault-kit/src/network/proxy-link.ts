import { connect, type Socket } from 'node:net';
import { DelayLine } from './delay-line.js';
import type { Toxic } from './toxic.js';

// No RESP reply starts with this byte.
const GARBAGE = 0xfe;

type Kind<K extends Toxic['kind']> = Extract<Toxic, { kind: K }>;

/** One client connection of a proxy and its connection to the target. */
export class ProxyLink {
  /** Resolves when the client's connection is gone. */
  readonly closed: Promise<void>;
  readonly #client: Socket;
  readonly #target: { readonly host: string; readonly port: number };
  readonly #line = new DelayLine();
  #upstream: Socket | undefined;
  #delay: Kind<'delay'> | undefined;
  #truncate: Kind<'truncate'> | undefined;
  #bytesLeft = Infinity;
  #isGarbage = false;
  #isSilent = false;
  #isForgotten = false;

  constructor(client: Socket, target: { readonly host: string; readonly port: number }) {
    this.#client = client;
    this.#target = target;
    client.on('data', (chunk: Buffer) => this.#forward(chunk));
    client.on('drain', () => this.#flow());
    client.on('end', () => this.#upstream?.end());
    client.on('error', () => client.destroy());
    this.closed = new Promise((resolve) => client.once('close', () => resolve(this.#cleanUp())));
  }

  /** Follows the toxics in force. */
  obey(toxics: ReadonlySet<Toxic>): void {
    const find = <K extends Toxic['kind']>(kind: K) =>
      [...toxics].find((toxic): toxic is Kind<K> => toxic.kind === kind);
    if (find('refuse') || find('reset')) return this.reset();
    this.#isSilent = find('blackHole') !== undefined;
    this.#isGarbage = find('garbage') !== undefined;
    const truncate = find('truncate');
    if (truncate !== this.#truncate) this.#bytesLeft = truncate?.afterBytes ?? Infinity;
    this.#truncate = truncate;
    this.#delay = find('delay');
    if (!this.#delay) this.#line.flush();
    this.#flow();
  }

  /** The target is gone, the client does not know. */
  forget(): void {
    this.#isForgotten = true;
    this.#line.clear();
    this.#upstream?.destroy();
    this.#client.resume();
  }

  /** RST, now. */
  reset(): void {
    if (this.#client.writableEnded) {
      this.#client.destroy();
      return;
    }
    // resetAndDestroy goes through destroySoon, which would first flush and send FIN: a stalled client never got RST.
    this.#client.destroySoon = () => this.#client.destroy();
    this.#client.resetAndDestroy();
  }

  #cleanUp(): void {
    this.#line.clear();
    this.#upstream?.destroy();
  }

  #flow(): void {
    if (this.#isForgotten) return;
    if (this.#isSilent) {
      this.#client.pause();
      this.#upstream?.pause();
      return;
    }
    this.#upstream ??= this.#dial();
    this.#client.resume();
    this.#upstream.resume();
  }

  #dial(): Socket {
    const upstream = connect({ ...this.#target, noDelay: true, allowHalfOpen: true });
    upstream.on('data', (chunk: Buffer) => this.#reply(chunk));
    upstream.on('drain', () => this.#flow());
    upstream.on('end', () => this.#later(() => this.#client.end()));
    upstream.on('error', () => this.reset());
    return upstream;
  }

  #forward(chunk: Buffer): void {
    if (this.#isForgotten) return;
    if (this.#upstream?.write(chunk) === false) this.#client.pause();
  }

  #reply(chunk: Buffer): void {
    const bytes = this.#isGarbage ? Buffer.alloc(chunk.length, GARBAGE) : chunk;
    this.#later(() => this.#deliver(bytes));
  }

  #later(run: () => void): void {
    this.#line.push(this.#delay ? this.#delay.ms + Math.random() * this.#delay.jitterMs : 0, run);
  }

  #deliver(chunk: Buffer): void {
    if (chunk.length >= this.#bytesLeft) {
      this.#client.end(chunk.subarray(0, this.#bytesLeft));
      this.#upstream?.destroy();
      return;
    }
    this.#bytesLeft -= chunk.length;
    if (!this.#client.write(chunk)) this.#upstream?.pause();
  }
}

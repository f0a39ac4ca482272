import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

type Method = 'write' | 'writeHead' | 'flushHeaders' | 'end';
type AnyMethod = (...args: unknown[]) => unknown;

/** What an {@link AnswerTap} tells. */
export interface TapListener {
  /** The whole answer is there and nothing has been sent; the tap is off. */
  whole(body: Buffer, send: () => void): void;
  /** It comes in pieces, or its reader has gone; the tap is off. */
  given(): void;
}

/**
 * Holds back an answer until it is whole, as Nest and its serializers have made it. One that comes in pieces (a stream,
 * server-sent events) is let through from its first piece on.
 */
export class AnswerTap {
  readonly #methods = new Map<Method, AnyMethod>();

  constructor(
    private readonly response: ServerResponse,
    private readonly listener: TapListener,
  ) {
    this.#replace('writeHead', (...args) => this.#note(args));
    for (const name of ['write', 'flushHeaders'] as const) {
      this.#replace(name, (...args) => {
        this.#giveUp();
        return this.#call(name, args);
      });
    }
    this.#replace('end', (...args) => this.#end(args));
    response.once('close', this.#giveUp);
  }

  /** Lets everything through from here on. */
  close(): void {
    this.response.off('close', this.#giveUp);
    for (const [name, method] of this.#methods) this.response[name] = method as never;
    this.#methods.clear();
  }

  readonly #giveUp = () => {
    this.close();
    this.listener.given();
  };

  #replace(name: Method, replacement: AnyMethod): void {
    // Not the prototype's: middleware may have put its own in front.
    this.#methods.set(name, Reflect.get(this.response, name) as AnyMethod);
    this.response[name] = replacement as never;
  }

  #call(name: Method, args: unknown[]): unknown {
    return (this.response[name] as AnyMethod).apply(this.response, args);
  }

  #end(args: unknown[]): ServerResponse {
    this.close();
    const [chunk, encoding] = args;
    this.listener.whole(bytesOf(chunk, encoding), () => this.#call('end', args));
    return this.response;
  }

  /** What `writeHead` would have sent, as if it had been set before. */
  #note([status, ...rest]: unknown[]): ServerResponse {
    this.response.statusCode = status as number;
    const headers = rest.find((arg) => typeof arg === 'object' && arg !== null) as
      OutgoingHttpHeaders | undefined;
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value !== undefined) this.response.setHeader(name, value);
    }
    return this.response;
  }
}

function bytesOf(chunk: unknown, encoding: unknown): Buffer {
  if (typeof chunk === 'string') {
    return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  }
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.alloc(0);
}

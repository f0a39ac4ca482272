import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';

/** What goes out. */
export interface Outgoing {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** What came back. A status of 0 means that no header did. */
export interface Answer {
  readonly end: 'complete' | 'timeout' | 'reset' | 'truncated';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly ms: number;
}

/** What a whole answer says in JSON; undefined when its end or its status is another. */
export const jsonOf = <T>({ end, status, body }: Answer, wanted: number): T | undefined =>
  end === 'complete' && status === wanted ? (JSON.parse(body) as T) : undefined;

/** After this long a client goes away. */
export const CLIENT_LIMIT_MS = 5_000;

/**
 * Sends one request on a connection of its own (a reused one could be closed by the server at that very moment, which
 * would look like a reset). Never rejects.
 */
export function send(outgoing: Outgoing): Promise<Answer> {
  const { port, method, path, headers, body } = outgoing;
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let response: IncomingMessage | undefined;
    let text = '';
    let isLate = false;
    const length: Record<string, string> =
      body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      agent: false,
      headers: { ...headers, ...length },
    });
    const limit = setTimeout(() => {
      isLate = true;
      sent.destroy();
      response?.destroy();
    }, CLIENT_LIMIT_MS);
    const finish = (end: Answer['end']): void => {
      clearTimeout(limit);
      const { statusCode = 0, headers: answered = {} } = response ?? {};
      resolve({ end, status: statusCode, headers: answered, body: text, ms: performance.now() - startedAt });
    };
    sent.once('response', (incoming) => {
      response = incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => (text += chunk));
      incoming.on('error', () => undefined);
      incoming.once('close', () => finish(isLate ? 'timeout' : incoming.complete ? 'complete' : 'truncated'));
    });
    sent.on('error', () => response ?? finish(isLate ? 'timeout' : 'reset'));
    sent.end(body);
  });
}

import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A job that the stage has accepted. */
export interface Placed {
  readonly id: string;
  readonly placed: 'queue' | 'outbox' | 'inline';
}

/** What came of a request. Without an answer nobody has promised anything. */
export interface Reply {
  readonly accepted: readonly Placed[];
  /** 0 when there was no whole answer. */
  readonly status: number;
  readonly ms: number;
}

/** Longer than any promise: who waits for this has been let down. */
const LIMIT_MS = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 512 });

/** Asks a door of the stage for jobs. Never rejects. */
export function post(port: number, path: string): Promise<Reply> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const end = (status: number, accepted: readonly Placed[] = []): void =>
      resolve({ status, accepted, ms: performance.now() - startedAt });
    const sent = request({ host: '127.0.0.1', port, path, method: 'POST', agent, timeout: LIMIT_MS });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => end(0));
    sent.on('response', (response) => {
      text(response).then(
        (body) =>
          end(response.statusCode ?? 0, response.statusCode === 202 ? (JSON.parse(body) as Placed[]) : []),
        () => end(0),
      );
    });
    sent.end();
  });
}

/** Connections that were kept would keep the process. */
export const hangUp = (): void => agent.destroy();

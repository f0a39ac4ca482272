import type { ServerResponse } from 'node:http';

/** Runs `work` just before the headers of an answer leave: the last moment at which it may set some. */
export function atHeaders(response: ServerResponse, work: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    response.writeHead = writeHead;
    if (!response.headersSent) work();
    return writeHead(...args);
  };
}

import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { CacheOutcome } from '../cache.events.js';

/** An answer as it is kept: what its route made of it, behind every serializer. */
export interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  /** Text, or base64 when it is not. */
  readonly body: string;
  readonly isBase64: boolean;
}

/** What a client asked on condition of; taken from the request before its handler sees it. */
export interface Condition {
  readonly ifNoneMatch: string | undefined;
}

// Made anew for each answer, or of one connection only.
const ownOfEach = new Set([
  ...['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'],
  ...['set-cookie', 'x-cache', 'x-degraded'],
]);

/** @param before the headers that were there before the route ran; every answer gets those of its own */
export function answerOf(response: ServerResponse, body: Buffer, before: OutgoingHttpHeaders): Answer {
  const own = Object.entries(response.getHeaders()).filter(
    ([name, value]) => !ownOfEach.has(name) && String(before[name]) !== String(value),
  );
  const text = body.toString();
  const isBase64 = !Buffer.from(text).equals(body);
  const headers: OutgoingHttpHeaders = Object.fromEntries(own);
  headers.etag ??= `"${createHash('sha1').update(body).digest('base64url')}"`;
  return { status: response.statusCode, headers, body: isBase64 ? body.toString('base64') : text, isBase64 };
}

/** Takes the condition out of the request, so that its handler makes a whole answer, which can be kept. */
export function takeCondition({ headers }: IncomingMessage): Condition {
  const { 'if-none-match': ifNoneMatch } = headers;
  delete headers['if-none-match'];
  delete headers['if-modified-since'];
  return { ifNoneMatch };
}

/** Sends an answer as far as its reader does not have it. */
export function sendAnswer(
  response: ServerResponse,
  answer: Answer,
  { outcome, condition }: { readonly outcome: CacheOutcome; readonly condition: Condition },
): void {
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined) response.setHeader(name, value);
  response.setHeader('X-Cache', outcome);
  if (isKnown(String(answer.headers.etag), condition)) {
    response.statusCode = 304;
    for (const name of ['Content-Type', 'Content-Length']) response.removeHeader(name);
    response.end();
    return;
  }
  const body = Buffer.from(answer.body, answer.isBase64 ? 'base64' : 'utf8');
  response.setHeader('Content-Length', body.length);
  // Node leaves the body of an answer to HEAD out by itself.
  response.end(body);
}

function isKnown(etag: string, { ifNoneMatch }: Condition): boolean {
  if (ifNoneMatch === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => opaque(tag) === opaque(etag));
}

import { type Ask } from '../load/ask.js';
import { type Answer } from '../load/send.js';

/** What an answer was; the first three are right, and `late` would have been. */
export const answerClasses = [
  '2xx',
  '3xx',
  '4xx',
  'late',
  'declared503',
  'guest',
  'unexpected',
  'undeclared5xx',
  'timeout',
  'reset',
  'truncated',
] as const;
export type AnswerClass = (typeof answerClasses)[number];

/** Nobody calls a page that comes later than this served. */
const LATE_MS = 1_000;

/** The class of an answer to a request. A 503 that the route may not give, or that does not say when to return, is a 5xx. */
export function classify(ask: Ask, answer: Answer): AnswerClass {
  if (answer.end !== 'complete') return answer.end;
  const { status } = answer;
  if (status >= 500) return ask.mayRefuse && isDeclared(answer) ? 'declared503' : 'undeclared5xx';
  if (isGuestAnswer(ask, answer)) return 'guest';
  if (!ask.expects.includes(status)) return 'unexpected';
  if (answer.ms > LATE_MS && !ask.isHashing) return 'late';
  return status < 300 ? '2xx' : status < 400 ? '3xx' : '4xx';
}

function isDeclared({ status, headers, body }: Answer): boolean {
  if (status !== 503 || headers['retry-after'] === undefined) return false;
  return !headers['content-type']?.includes('json') || typeof codeOf(body) === 'string';
}

function codeOf(body: string): unknown {
  try {
    return (JSON.parse(body) as { code?: unknown }).code;
  } catch {
    return undefined;
  }
}

/** Whether a signed-in person was answered as a guest. A refused sign-in is something else. */
export function isGuestAnswer({ path }: Ask, { end, status, headers }: Answer): boolean {
  if (end !== 'complete' || path === '/api/login') return false;
  if (path === '/login') return status === 200;
  return status === 401 || (status === 303 && /\/login(\?|$)/.test(headers.location ?? ''));
}

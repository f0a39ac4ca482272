import { isDeepStrictEqual } from 'node:util';

/** One command of a walk through the routes, and what it should print. */
export interface Step {
  readonly command: string;
  /** As the comment after the command says: `200 · Header: value`, then the body; empty when nothing is expected. */
  readonly expected: readonly string[];
}

/** The commands of a Markdown file's `sh` blocks, in order. A line is a command; the comments after it are its answer. */
export function stepsOf(markdown: string): Step[] {
  const steps: { command: string; expected: string[] }[] = [];
  for (const [, block = ''] of markdown.matchAll(/^```sh\n(.*?)^```$/gms)) {
    for (const line of block.split('\n').filter(Boolean)) {
      if (line.startsWith('# ')) steps.at(-1)?.expected.push(line.slice(2));
      else steps.push({ command: line, expected: [] });
    }
  }
  return steps;
}

/** One script of all commands; prints `mark` after each, so that the output can be taken apart again. */
export const scriptOf = (steps: readonly Step[], mark: string): string =>
  steps.map(({ command }) => `${command} || echo "exit $?"\nprintf '%s' '${mark}'\n`).join('');

/** How the output of a step differs from what was expected; undefined when it does not. */
export function differenceOf({ command, expected }: Step, output: string): string | undefined {
  const [first = '', ...rest] = expected;
  const answerLine = /^(\d{3})(?: · (.*))?$/.exec(first);
  const body = (answerLine ? rest : expected).join('\n');
  const { head, payload } = splitAnswer(output);
  const isAsExpected =
    (expected.length > 0 || output === '') &&
    (!answerLine || (statusOf(head) === answerLine[1] && hasHeader(head, answerLine[2]))) &&
    (body === '' || isLike(parse(body), parse(payload)));
  return isAsExpected ? undefined : `${command}\nexpected:\n${expected.join('\n')}\ngot:\n${output}`;
}

/** With `curl -i` headers come first; `-w '%{http_code}'` prints the status alone. */
function splitAnswer(output: string): { head: string; payload: string } {
  if (/^\d{3}\n$/.test(output)) return { head: `HTTP/1.1 ${output}`, payload: '' };
  if (!output.startsWith('HTTP/')) return { head: '', payload: output };
  const end = output.indexOf('\r\n\r\n');
  return { head: output.slice(0, end + 2), payload: output.slice(end + 4) };
}

const statusOf = (head: string): string | undefined => /^HTTP\/\S+ (\d{3})/.exec(head)?.[1];

const hasHeader = (head: string, header: string | undefined): boolean =>
  header === undefined || head.split('\r\n').some((line) => glob(header, 'i').test(line));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // HTML, a PDF, metrics.
  }
}

/** Whether a value is as expected, where `…` stands for anything, and at the end of a list for any number of them. */
function isLike(expected: unknown, actual: unknown): boolean {
  if (expected === '…') return actual !== undefined;
  if (typeof expected === 'string') return typeof actual === 'string' && glob(expected).test(actual);
  if (Array.isArray(expected)) return Array.isArray(actual) && isListLike(expected, actual);
  if (typeof expected !== 'object' || expected === null) return isDeepStrictEqual(expected, actual);
  if (typeof actual !== 'object' || actual === null) return false;
  const found = actual as Record<string, unknown>;
  return (
    isDeepStrictEqual(Object.keys(expected).sort(), Object.keys(found).sort()) &&
    Object.entries(expected).every(([key, value]) => isLike(value, found[key]))
  );
}

function isListLike(expected: readonly unknown[], actual: readonly unknown[]): boolean {
  const isOpen = expected.at(-1) === '…';
  const named = isOpen ? expected.slice(0, -1) : expected;
  return (
    (isOpen ? actual.length >= named.length : actual.length === named.length) &&
    named.every((value, index) => isLike(value, actual[index]))
  );
}

const glob = (pattern: string, flags = ''): RegExp =>
  new RegExp(`^${pattern.split('…').map(escape).join('.*')}$`, `s${flags}`);

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

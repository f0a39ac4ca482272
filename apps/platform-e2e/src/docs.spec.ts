import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Platform } from '@trivet/tools';
import { differenceOf, scriptOf, stepsOf } from './walk.js';

const page = new URL('../../../docs/http.md', import.meta.url);
const mark = '\u0001';

let platform: Platform;
let dir: string;

beforeAll(async () => {
  platform = await Platform.start();
  dir = await mkdtemp(join(tmpdir(), 'trivet-walk-'));
}, 120_000);

afterAll(async () => {
  await platform?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** The page as it would be for the platform that runs here. */
async function readPage(): Promise<string> {
  const { urls, management } = platform;
  return (await readFile(page, 'utf8'))
    .replaceAll('http://dashboard.trivet.localhost:3001', urls.dashboard)
    .replaceAll('http://learn.trivet.localhost:3002', urls.learn)
    .replaceAll('http://127.0.0.1:3101', management.dashboard);
}

it('docs/http.md says what each command answers', async () => {
  const steps = stepsOf(await readPage());
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', scriptOf(steps, mark)], {
    cwd: dir,
    timeout: 110_000,
    maxBuffer: 2 ** 24,
  });
  expect(stderr).toBe('');
  const outputs = stdout.split(mark);
  expect(outputs).toHaveLength(steps.length + 1);
  const differences = steps.map((step, index) => differenceOf(step, outputs[index] ?? ''));
  expect(differences.filter(Boolean).join('\n\n')).toBe('');
}, 120_000);

it.each([
  ['POST', '$DASHBOARD/api/login'],
  ['POST', '$LEARN/api/logout'],
  ['GET', '$LEARN/api/me'],
  ['GET', '$LEARN/handoff?ticket=forged'],
  ['GET', '$DASHBOARD/api/devices'],
  ['DELETE', '$DASHBOARD/api/devices/$PHONE'],
  ['DELETE', '$DASHBOARD/api/devices?except=current'],
  ['DELETE', '$DASHBOARD/api/devices'],
  ['POST', '$DASHBOARD/api/account/password'],
  ['GET', '$LEARN/api/courses'],
  ['GET', '$LEARN/api/lessons/the-upgrade-runbook'],
  ['PUT', '$DASHBOARD/api/lessons/the-upgrade-runbook'],
  ['POST', '$LEARN/api/lessons/three-kinds-of-data/complete'],
  ['POST', '$LEARN/api/certificates'],
  ['GET', '$DASHBOARD/api/certificates/$CERTIFICATE'],
  ['GET', '$LEARN/api/certificates/$CERTIFICATE/file'],
  ['POST', '$LEARN/api/notes'],
  ['GET', '$LEARN/api/notes?limit=1'],
  ['POST', '$LEARN/api/digests'],
  ['GET', '$LEARN/api/digests/weekly'],
  ['PUT', '$LEARN/api/digests/weekly'],
  ['GET', '$LEARN/health/live'],
  ['GET', '$LEARN/health/ready'],
  ['GET', '$MANAGEMENT/health'],
  ['GET', '$MANAGEMENT/metrics'],
])('docs/http.md walks %s %s', async (method, address) => {
  const commands = stepsOf(await readFile(page, 'utf8')).map(({ command }) => command);
  const methodOf = (command: string) =>
    / -X (\w+)/.exec(command)?.[1] ?? (/ (-d|--data-binary) /.test(command) ? 'POST' : 'GET');
  expect(commands.filter((command) => command.includes(`"${address}"`)).map(methodOf)).toContain(method);
});

it.each([
  ['another status', '404 · Vary: Accept', '{"id": "…", "roles": ["learner", "…"]}'],
  ['another header', '200 · Vary: Cookie', '{"id": "…", "roles": ["learner", "…"]}'],
  ['a missing field', '200', '{"id": "…", "name": "…", "roles": ["learner", "…"]}'],
  ['a field too many', '200', '{"id": "…"}'],
  ['another value', '200', '{"id": "…", "roles": ["operator", "…"]}'],
  ['a list that is too long', '200', '{"id": "…", "roles": ["learner"]}'],
])('notices %s', (_what, ...expected) => {
  const output = 'HTTP/1.1 200 OK\r\nVary: Accept\r\n\r\n{"id": 1, "roles": ["learner", "operator"]}';
  const asDocumented = ['200 · Vary: Accept', '{"id": "…", "roles": ["learner", "…"]}'];
  expect(differenceOf({ command: 'curl', expected: asDocumented }, output)).toBeUndefined();
  expect(differenceOf({ command: 'curl', expected }, output)).toContain('expected:');
});

it('notices what a command prints unannounced', () => {
  expect(differenceOf({ command: 'cat', expected: [] }, 'exit 1\n')).toContain('exit 1');
});

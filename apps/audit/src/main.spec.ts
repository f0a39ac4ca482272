import { execFile, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RedisServer } from '@trivet/fault-kit';

let server: RedisServer;

beforeAll(async () => {
  server = await RedisServer.start();
  await server.command('SET', 'page', 'x');
});
afterAll(() => server.stop());

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program from source, as a process of its own. */
function trivetAudit(...argv: string[]): Promise<Outcome> & { readonly child: ChildProcess } {
  const args = ['--import', '@swc-node/register/esm-register', 'src/main.ts', ...argv];
  const cwd = new URL('..', import.meta.url);
  let settle: (outcome: Outcome) => void;
  const outcome = new Promise<Outcome>((resolve) => (settle = resolve));
  const child = execFile(
    process.execPath,
    args,
    { cwd, env: { PATH: process.env.PATH } },
    (error, stdout, stderr) => settle({ code: Number(error?.code ?? 0), stdout, stderr }),
  );
  return Object.assign(outcome, { child });
}

it('ends with 0 and the report on stdout', async () => {
  const { code, stdout, stderr } = await trivetAudit(server.url, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ topKeys: [{ key: 'page' }] });
});

it('ends with 2 and one sentence on stderr', async () => {
  expect(await trivetAudit(`${server.url}99`)).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^Redis at 127\.0\.0\.1:\d+ does not have the database that the URL names\.\n$/,
    ),
  });
});

it('shows what it saw when Ctrl-C is pressed', async () => {
  for (let n = 0; n < 50; n += 1) await server.command('SET', `k:${n}`, n);
  await server.command('CONFIG', 'RESETSTAT');
  const audit = trivetAudit(server.url, '--batch=1', '--pause-ms=10000');
  while (!String(await server.command('INFO', 'commandstats')).includes('cmdstat_pttl')) continue;
  audit.child.kill('SIGINT');
  const { code, stdout } = await audit;
  expect(code).toBe(0);
  expect(stdout).toMatch(/STOPPED EARLY, [\d.]+ % of 51$/m);
});

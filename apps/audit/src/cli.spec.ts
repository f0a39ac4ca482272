import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { freePort, RedisServer } from '@trivet/fault-kit';
import { run } from './cli.js';

let server: RedisServer;

beforeEach(async () => {
  server = await RedisServer.start();
});
afterEach(() => server.stop());

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function outcomeOf(...argv: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const code = await run(argv, {
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    interrupt: new AbortController().signal,
  });
  return { code, ...written };
}

async function refusalOf(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await outcomeOf(...argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^.+\n$/);
  return stderr;
}

function urlFor(userInfo: string): string {
  return `redis://${userInfo}@${server.host}:${server.port}`;
}

it('prints a report that fits 80 columns, with every name whole', async () => {
  const longName = `fragment:${'part-of-a-very-long-name:'.repeat(6)}end`;
  await server.command('SET', longName, 'x'.repeat(5_000));
  for (let n = 0; n < 30; n += 1) await server.command('SET', `sess:${n}`, 'x', 'EX', 14_400);
  const { code, stdout, stderr } = await outcomeOf(server.url, '--top', '2');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(stdout.replace(/\n */g, '')).toContain(longName);
  expect(stdout).toMatch(/^Redis [\d.]+ at 127\.0\.0\.1:\d+, database 0\nmaster, up /);
  expect(stdout).toMatch(/^ +[\d.]+ K?i?B +[\d.]+ % +30 +\d+ B +0 {2}sess:\*$/m);
  expect(stdout).toMatch(/^ +\d+ B +[\d.]+ % {2}string {2}3 h 59 min {2}sess:\d+$/m);
  expect(stdout).toContain('- No maxmemory is set');
});

it('shows the totals and other databases of an empty one', async () => {
  await server.command('SET', 'page', 'x');
  const { stdout } = await outcomeOf(`redis://127.0.0.1:${server.port}/1`);
  expect(stdout).toContain('0 keys looked at');
  expect(stdout).toContain('Keys not looked at: 1 in database 0.');
  expect(stdout).not.toContain('By type');
});

it('sums up the patterns it does not list', async () => {
  for (const name of ['a', 'b', 'c', 'd']) await server.command('SET', `${name}:1`, 'x');
  expect((await outcomeOf(server.url, '--top', '1')).stdout).toMatch(/ 3 .*\(3 other patterns\)$/m);
});

it('prints one JSON document with bytes and shares', async () => {
  await server.command('SET', 'page', 'x'.repeat(100));
  const { stdout } = await outcomeOf(server.url, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    redis: { database: 0, role: 'master', maxBytes: 0, policy: 'noeviction' },
    scan: { complete: true, expectedKeys: 1, vanishedKeys: 0, match: null },
    total: { keys: 1 },
    types: [{ type: 'string', keys: 1, share: 1 }],
    patterns: [{ pattern: 'page', keys: 1, withoutTtl: 1 }],
    topKeys: [
      { key: 'page', type: 'string', ttlMs: null, bytes: await server.command('MEMORY', 'USAGE', 'page') },
    ],
  });
});

it('stops after --max-seconds and says how far it came', async () => {
  for (let n = 0; n < 50; n += 1) await server.command('SET', `k:${n}`, n);
  const { code, stdout } = await outcomeOf(server.url, '--max-seconds=1', '--batch=1', '--pause-ms=200');
  expect(code).toBe(0);
  expect(stdout).toMatch(/STOPPED EARLY, [\d.]+ % of 50/);
});

it('shows its options', async () => {
  expect((await outcomeOf('--help')).stdout).toContain('--top N');
});

it('refuses a wrong command line in one line', async () => {
  expect(await refusalOf('localhost:6379')).toMatch(/^Not a Redis URL: .* See trivet-audit --help\.\n$/);
});

it('says that nobody is there', async () => {
  const port = await freePort();
  expect(await refusalOf(`redis://127.0.0.1:${port}`)).toBe(
    `Redis at 127.0.0.1:${port} is not there: the connection was refused.\n`,
  );
});

it('gives up on a server that hangs', async () => {
  server.hang();
  expect(await refusalOf(server.url, '--timeout-ms=200')).toContain('stopped answering: see --timeout-ms');
  expect(await refusalOf(urlFor('u:p'), '--timeout-ms=200')).toContain(
    'did not answer in time: see --timeout-ms',
  );
  server.resume();
});

it('gives up on a server that dies while it looks', async () => {
  for (let n = 0; n < 50; n += 1) await server.command('SET', `k:${n}`, n);
  const refusal = refusalOf(server.url, '--batch=1', '--pause-ms=20');
  while (!String(await server.command('INFO', 'commandstats')).includes('cmdstat_scan')) continue;
  await server.kill();
  expect(await refusal).toContain('closed the connection');
});

it('says that a server is still loading', async () => {
  await server.command(
    'EVAL',
    "for n = 1, 2000 do redis.call('SET', 'k:' .. n, string.rep('x', 100)) end",
    0,
  );
  await server.command('SAVE');
  const args = ['--key-load-delay', '2000', '--loading-process-events-interval-bytes', '1024'];
  const loading = await RedisServer.start({ dir: server.dir, args });
  try {
    expect(await refusalOf(loading.url)).toContain('is still loading its data: try again later');
  } finally {
    await loading.kill();
  }
});

it('asks for the password, and knows a wrong one', async () => {
  await server.setPassword('secret');
  expect(await refusalOf(server.url)).toContain('asks for a password: write it into the URL');
  const wrong = await refusalOf(urlFor(':hunter2'));
  expect(wrong).toContain('refused the user name or password in the URL');
  expect(wrong).not.toContain('hunter2');
  expect((await outcomeOf(urlFor('default:secret'))).code).toBe(0);
});

it('names the permission that a user lacks, and works with exactly those it names', async () => {
  await server.command('SET', 'page', 1);
  const user = ['ACL', 'SETUSER', 'audit', 'on', '>pw', '~*', '+info', '+scan', '+type', '+pttl'];
  await server.command(...user);
  const refusal = await refusalOf(urlFor('audit:pw'));
  expect(refusal).toContain('does not let this user run MEMORY USAGE: allow +memory|usage');
  const rules = /ACL SETUSER … (.*)\.\n$/.exec(refusal)?.[1]?.split(' ') ?? [];
  await server.command('ACL', 'SETUSER', 'narrow', 'on', '>pw', ...rules);
  expect((await outcomeOf(`${urlFor('narrow:pw')}/1`)).code).toBe(0);
});

it('says that a user may see only some keys, and accepts --match', async () => {
  for (const name of ['mine:a', 'other']) await server.command('SET', name, 1);
  await server.command('ACL', 'SETUSER', 'part', 'on', '>pw', '~mine:*', '+@all');
  expect(await refusalOf(urlFor('part:pw'))).toContain('lets this user see only some keys: use --match');
  expect((await outcomeOf(urlFor('part:pw'), '--match', 'mine:*')).code).toBe(0);
});

it('says that a database does not exist rather than look at another', async () => {
  expect(await refusalOf(`redis://127.0.0.1:${server.port}/99`)).toContain('does not have the database');
});

it('says that a server may not speak TLS', async () => {
  const refusal = await refusalOf(`rediss://127.0.0.1:${server.port}`, '--timeout-ms=1000');
  expect(refusal).toContain('try rediss:// instead of redis:// or the reverse');
});

it('says what else answered when it is no Redis', async () => {
  const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  expect(await refusalOf(`redis://127.0.0.1:${port}`, '--timeout-ms=1000')).toMatch(
    /^Redis at 127\.0\.0\.1:\d+ /,
  );
  web.close();
});

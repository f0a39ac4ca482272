import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Platform } from '../platform/platform.js';
import { type RedisRow } from '../supervisor/redis-rows.js';
import { Supervisor } from '../supervisor/supervisor.js';
import { readRun } from '../supervisor/run-file.js';
import { StandIn } from '../testing/stand-in.js';
import { redis } from './redis.js';

let standIn: StandIn;
let platform: Platform;
let supervisor: Supervisor;
const said: string[] = [];

beforeAll(async () => {
  standIn = new StandIn();
  platform = await Platform.start({ root: standIn.root, databaseUrl: 'postgres://nobody@127.0.0.1:1/none' });
  supervisor = new Supervisor(standIn.root, platform, (sentence) => said.push(sentence));
  await supervisor.open();
});

afterAll(async () => {
  supervisor.close();
  await platform.stop();
  standIn.remove();
});

/** Runs the command and keeps what it prints. */
async function run(line: string, root = standIn.root) {
  const printed = { out: '', err: '' };
  const out = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => Boolean((printed.out += String(text))));
  const err = jest
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => Boolean((printed.err += String(text))));
  try {
    const exitCode = await redis(line.split(' '), root);
    return { exitCode, printed };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}

async function rows(): Promise<RedisRow[]> {
  return JSON.parse((await run('status --json')).printed.out) as RedisRow[];
}

it('prints one row for each group', async () => {
  const { session, cache, queue } = platform.redis;
  expect(await rows()).toEqual([
    { group: 'session', role: 'master', host: '127.0.0.1', port: session.port, pid: session.pid, up: true },
    { group: 'cache', role: 'master', host: '127.0.0.1', port: cache.port, pid: cache.pid, up: true },
    { group: 'queue', role: 'master', host: '127.0.0.1', port: queue.port, pid: queue.pid, up: true },
  ]);
});

it('kills one group, leaves it dead, and starts it again on its port', async () => {
  const { pid, port } = platform.redis.queue;
  expect((await run('kill queue')).printed.out).toBe(`queue Redis killed (process ${pid}).\n`);
  expect((await rows()).map(({ pid, up }) => [pid !== null, up])).toEqual([
    [true, true],
    [true, true],
    [false, false],
  ]);
  expect(readRun(standIn.root).pids['queue Redis']).toBeUndefined();
  expect((await run('kill queue')).printed.out).toBe('queue Redis was down already.\n');
  expect((await run('hang queue')).printed.err).toBe('The queue Redis is down: start it first.\n');
  expect((await run('start queue')).exitCode).toBe(0);
  const row = (await rows())[2];
  expect(row).toEqual({
    group: 'queue',
    role: 'master',
    host: '127.0.0.1',
    port,
    pid: platform.redis.queue.pid,
    up: true,
  });
  expect(row?.pid).not.toBe(pid);
});

it('hangs one group, which then has a process and does not answer, and resumes it', async () => {
  await run('hang cache');
  expect((await rows())[1]).toMatchObject({ pid: platform.redis.cache.pid, up: false });
  expect((await run('status')).printed.out).toContain('hangs (process');
  await run('resume cache');
  expect((await rows())[1]?.up).toBe(true);
});

it('starts a hung group by resuming it', async () => {
  const { pid } = platform.redis.session;
  await run('hang session');
  await run('start session');
  expect((await rows())[0]).toMatchObject({ pid, up: true });
});

it('toggles by what the group does now', async () => {
  await supervisor.toggle('cache', ['kill', 'start']);
  await supervisor.toggle('cache', ['hang', 'resume']);
  await supervisor.toggle('cache', ['kill', 'start']);
  await supervisor.toggle('cache', ['hang', 'resume']);
  await supervisor.toggle('cache', ['hang', 'resume']);
  expect(said.slice(-5).map((sentence) => sentence.replace(/\d+/, 'N'))).toEqual([
    'cache Redis killed (process N).',
    'The cache Redis is down: start it first.',
    'cache Redis is up (process N).',
    'cache Redis hangs (process N is stopped).',
    'cache Redis goes on (process N).',
  ]);
});

it.each([
  ['kill everything', 'Expected a group to kill: session, cache, queue, got `everything`.'],
  ['kill', 'Expected a group to kill: session, cache, queue, got ``.'],
  ['stop session', 'Expected status, kill, hang, resume, start, got `stop`.'],
  ['status session', 'Expected no `session`.'],
  ['status --yaml', 'Expected no `yaml`.'],
  ['kill cache queue', 'Expected no `queue`.'],
])('refuses `%s` with 2 and the usage', async (line, sentence) => {
  const { exitCode, printed } = await run(line);
  expect(exitCode).toBe(2);
  expect(printed.err).toContain(`${sentence}\nUsage: npm run redis -- status [--json]\n`);
});

it('ends with 2 and one sentence when nothing runs', async () => {
  const empty = new StandIn();
  const { exitCode, printed } = await run('status', empty.root);
  empty.remove();
  expect(exitCode).toBe(2);
  expect(printed.err).toBe('Nothing is running here. Start the platform with `npm start`.\n');
});

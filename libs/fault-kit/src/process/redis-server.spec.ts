import { afterEach, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NoReplyError } from '../errors.js';
import { RedisServer, type RedisServerOptions } from './redis-server.js';

const servers: RedisServer[] = [];

async function start(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  servers.push(server);
  return server;
}

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

it('answers commands as soon as it has started', async () => {
  const server = await start();
  expect(await server.command('SET', 'greeting', 'hällo')).toBe('OK');
  expect(await server.command('GET', 'greeting')).toBe('hällo');
  expect(await server.command('GET', 'nothing')).toBeNull();
  expect(await server.command('EXISTS', 'greeting', 'nothing')).toBe(1);
});

it('is found up by a process that is held up itself for longer than it waits', async () => {
  let isOver = false;
  const holdUp = (): void => {
    const until = performance.now() + 600;
    while (performance.now() < until);
    if (!isOver) setImmediate(holdUp);
  };
  holdUp();
  try {
    expect((await start()).isUp).toBe(true);
  } finally {
    isOver = true;
  }
});

it('turns an error reply into an error with its code', async () => {
  const server = await start();
  await server.command('SET', 'text', 'x');
  await expect(server.command('LPUSH', 'text', 'y')).rejects.toMatchObject({ code: 'WRONGTYPE' });
});

it('keeps its port and its append-only file through kill and start', async () => {
  const server = await start({ appendOnly: true, args: ['--appendfsync', 'always'] });
  const { port, pid } = server;
  await server.command('SET', 'kept', 'yes');
  await server.kill();
  expect(server.isUp).toBe(false);
  expect(server.pid).toBeUndefined();
  await expect(server.command('PING')).rejects.toBeInstanceOf(NoReplyError);
  await server.start();
  await server.ready();
  expect(server.port).toBe(port);
  expect(server.pid).not.toBe(pid);
  expect(await server.command('GET', 'kept')).toBe('yes');
});

it('is silent while hung and answers after resume', async () => {
  const server = await start();
  const connection = await server.connect();
  server.hang();
  const late = expect(connection.call('PING')).rejects.toBeInstanceOf(NoReplyError);
  await expect(server.command('PING')).rejects.toThrow('No reply to PING');
  server.resume();
  expect(await server.command('PING')).toBe('PONG');
  await late;
  connection.close();
});

it('stops although it is hung', async () => {
  const server = await start();
  const pid = server.pid as number;
  server.hang();
  await server.stop();
  expect(exists(pid)).toBe(false);
});

it('asks for its password and knows it', async () => {
  const server = await start({ requirePass: 'p@ss' });
  expect(server.url).toBe(`redis://:p%40ss@127.0.0.1:${server.port}/0`);
  expect(await server.command('PING')).toBe('PONG');
});

it('replicates a master', async () => {
  const master = await start();
  const replica = await start({ replicaOf: master });
  expect(await replica.command('ROLE')).toEqual([
    'slave',
    '127.0.0.1',
    master.port,
    expect.any(String),
    expect.any(Number),
  ]);
});

it('says what redis-server said when it does not start', async () => {
  await expect(start({ args: ['--no-such-setting', '1'] })).rejects.toThrow('no-such-setting');
});

it('does not outlive the process that started it, even one that is killed', async () => {
  const script = `
    import { RedisServer } from './src/process/redis-server.js';
    process.stdout.write(String((await RedisServer.start()).pid));`;
  const flags = ['--import', '@swc-node/register/esm-register', '--input-type=module', '-e', script];
  const cwd = join(import.meta.dirname, '../..');
  const parent = spawn(process.execPath, flags, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const pid = Number((await once(parent.stdout, 'data'))[0]);
    expect(exists(pid)).toBe(true);
    parent.kill('SIGKILL');
    while (exists(pid)) await sleep(5);
  } finally {
    parent.kill('SIGKILL');
  }
}, 30_000);

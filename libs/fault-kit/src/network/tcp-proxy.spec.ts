import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { RedisServer } from '../process/redis-server.js';
import { TcpProxy } from './tcp-proxy.js';

const PONG = '+PONG\r\n';
let server: RedisServer;
let proxy: TcpProxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  server = await RedisServer.start();
  proxy = await TcpProxy.start({ target: server });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  await server.stop();
});

function open(): Socket {
  const socket = connect(proxy.port, proxy.host);
  socket.on('error', () => socket.destroy());
  sockets.push(socket);
  return socket;
}

async function dial(): Promise<Socket> {
  const socket = open();
  await once(socket, 'connect');
  return socket;
}

/** Sends PING and returns what comes within the time, or how the connection ended. */
async function ping(socket: Socket, withinMs = 1_000): Promise<string> {
  const failed = once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code as string);
  const ended = once(socket, 'end').then(() => 'END');
  const answered = once(socket, 'data').then(([chunk]) => (chunk as Buffer).toString('latin1'));
  const silent = once(AbortSignal.timeout(withinMs), 'abort').then(() => 'SILENCE');
  socket.write('PING\r\n');
  return Promise.race(
    [failed, ended, answered, silent].map((outcome) =>
      outcome.catch((error: NodeJS.ErrnoException) => String(error.code)),
    ),
  );
}

it('passes everything on while there is no toxic', async () => {
  expect(await ping(await dial())).toBe(PONG);
  expect(proxy.connections).toBe(1);
});

it('passes a half-closed connection on', async () => {
  const socket = await dial();
  socket.end('PING\r\n');
  expect(String((await once(socket, 'data'))[0])).toBe(PONG);
});

it('refuses connections and resets existing ones, then listens on the same port again', async () => {
  const existing = await dial();
  expect(await ping(existing)).toBe(PONG);
  const undo = proxy.refuse();
  expect((await once(existing, 'error'))[0]).toMatchObject({ code: 'ECONNRESET' });
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await undo();
  expect(await ping(await dial())).toBe(PONG);
});

it('swallows everything in a black hole and delivers it when healed', async () => {
  const existing = await dial();
  const undo = proxy.blackHole();
  const fresh = await dial();
  expect(await ping(existing, 100)).toBe('SILENCE');
  expect(await ping(fresh, 100)).toBe('SILENCE');
  const healed = Promise.all([once(existing, 'data'), once(fresh, 'data')]);
  await undo();
  expect((await healed).map(([chunk]) => String(chunk))).toEqual([PONG, PONG]);
});

it('delays replies, keeps their order, and stops at once when undone', async () => {
  const socket = await dial();
  const undo = proxy.delay({ ms: 60, jitterMs: 60 });
  const before = performance.now();
  expect(await ping(socket)).toBe(PONG);
  expect(performance.now() - before).toBeGreaterThanOrEqual(59);
  let seen = '';
  socket.on('data', (chunk: Buffer) => (seen += chunk.toString()));
  const numbers = Array.from({ length: 20 }, (_, index) => String(index).padStart(2, '0'));
  for (const number of numbers) socket.write(`*2\r\n$4\r\nECHO\r\n$2\r\n${number}\r\n`);
  while (seen.length < numbers.length * 8) await once(socket, 'data');
  expect(seen).toBe(numbers.map((number) => `$2\r\n${number}\r\n`).join(''));
  await undo();
  const after = performance.now();
  expect(await ping(socket)).toBe(PONG);
  expect(performance.now() - after).toBeLessThan(59);
});

it('leaves half-open connections silent while new ones work, and resets them when undone', async () => {
  const existing = await dial();
  expect(await ping(existing)).toBe(PONG);
  const undo = proxy.halfOpen();
  expect(await ping(existing, 100)).toBe('SILENCE');
  expect(await ping(await dial())).toBe(PONG);
  const reset = once(existing, 'error');
  await undo();
  expect((await reset)[0]).toMatchObject({ code: 'ECONNRESET' });
});

it('resets existing and new connections', async () => {
  const existing = await dial();
  expect(await ping(existing)).toBe(PONG);
  const undo = proxy.reset();
  expect((await once(existing, 'error'))[0]).toMatchObject({ code: 'ECONNRESET' });
  expect(await ping(open())).toBe('ECONNRESET');
  await undo();
  expect(await ping(await dial())).toBe(PONG);
});

it('ends a connection in the middle of a reply', async () => {
  const socket = await dial();
  const undo = proxy.truncate({ afterBytes: 3 });
  const ended = once(socket, 'end');
  expect(await ping(socket)).toBe('+PO');
  await ended;
  await undo();
  expect(await ping(await dial())).toBe(PONG);
});

it('replaces replies by garbage', async () => {
  const socket = await dial();
  const undo = proxy.garbage();
  expect(await ping(socket)).toBe('\xfe'.repeat(PONG.length));
  await undo();
  expect(await ping(socket)).toBe(PONG);
});

it('keeps one toxic when another is undone', async () => {
  const undoRefuse = proxy.refuse();
  const undoOther = proxy.refuse();
  await undoOther();
  await undoOther();
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await undoRefuse();
  expect(await ping(await dial())).toBe(PONG);
});

it('resets a client when the server is gone', async () => {
  const socket = await dial();
  expect(await ping(socket)).toBe(PONG);
  const ended = Promise.race([once(socket, 'end'), once(socket, 'error')]);
  await server.kill();
  await ended;
});

it('leaves no port behind when closed', async () => {
  await dial();
  await proxy.close();
  expect(proxy.connections).toBe(0);
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { send, type Answer } from './send.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function answerOf(listener: RequestListener): Promise<Answer> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return send({
    port: (server.address() as AddressInfo).port,
    method: 'POST',
    path: '/',
    headers: {},
    body: 'é',
  });
}

it('sends the body and returns the whole answer', async () => {
  const answer = await answerOf((request, response) => {
    response.writeHead(202, { 'x-length': request.headers['content-length'] });
    request.pipe(response);
  });
  expect(answer).toMatchObject({ end: 'complete', status: 202, body: 'é', headers: { 'x-length': '2' } });
});

it('calls a connection that ends before the header a reset', async () => {
  expect(await answerOf((_request, response) => response.destroy())).toMatchObject({
    end: 'reset',
    status: 0,
  });
});

it('calls an answer that ends before its length truncated', async () => {
  const answer = await answerOf((_request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
    setImmediate(() => response.destroy());
  });
  expect(answer).toMatchObject({ end: 'truncated', status: 200 });
});

it('calls nobody listening a reset', async () => {
  expect(await send({ port: 1, method: 'GET', path: '/', headers: {} })).toMatchObject({
    end: 'reset',
    status: 0,
  });
});

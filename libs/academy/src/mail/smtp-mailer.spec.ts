import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from '@jest/globals';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { SmtpMailer } from './smtp-mailer.js';

const mail = { id: 'job-1', to: 'ada@example.org', subject: 'S', text: 'T', html: '<p>H</p>' };
const { signal } = new AbortController();
const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A mailer, what its server has taken, and a way to cut its connections. */
async function start(options: SMTPServerOptions = {}, requireTls = false) {
  const taken: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, _session, done) => void text(stream).then((mail) => done(null, void taken.push(mail))),
    ...options,
  });
  server.on('error', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const sockets: Socket[] = [];
  server.server.on('connection', (socket: Socket) => sockets.push(socket));
  undo.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const mailer = new SmtpMailer({ smtpUrl, from: 'Academy <academy@example.org>', requireTls });
  undo.push(() => mailer.onApplicationShutdown());
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return { mailer, taken, cut };
}

it('hands a mail over once, under the id of its job', async () => {
  const { mailer, taken } = await start();
  await mailer.send(mail, signal);
  expect(taken).toHaveLength(1);
  expect(taken[0]).toMatch(/^Message-ID: <job-1@example\.org>\r$/m);
  expect(taken[0]).toMatch(/^Auto-Submitted: auto-generated\r$/m);
  expect(taken[0]).toMatch(/^From: Academy <academy@example\.org>\r$/m);
});

it.each([
  [550, true],
  [451, false],
])(
  'says of a refusal with %s whether it is for good, and names nobody',
  async (responseCode, isPermanent) => {
    const { mailer } = await start({
      onRcptTo: (_address, _session, done) =>
        done(Object.assign(new Error('<ada@example.org> is not here'), { responseCode })),
    });
    const error = await mailer.send(mail, signal).catch((error: unknown) => error as Error);
    expect(error).toMatchObject({ code: 'MAIL_NOT_SENT', isPermanent });
    expect(JSON.stringify({ ...error, ...{ message: error?.message, stack: error?.stack } })).not.toContain(
      'ada@',
    );
  },
);

it('does not send again by itself what it lost the answer of', async () => {
  const taken: string[] = [];
  const { mailer, cut } = await start({
    onData: (stream) => void text(stream).then((mail) => (taken.push(mail), cut())),
  });
  await expect(mailer.send(mail, signal)).rejects.toMatchObject({
    code: 'MAIL_NOT_SENT',
    isPermanent: false,
  });
  expect(taken).toHaveLength(1);
});

it('gives up when the job’s time is up', async () => {
  const { mailer } = await start({ onRcptTo: () => undefined });
  const abort = new AbortController();
  const sending = mailer.send(mail, abort.signal);
  abort.abort();
  await expect(sending).rejects.toMatchObject({ code: 'MAIL_NOT_SENT', isPermanent: false });
});

it('gives no mail to a server without TLS that must have it', async () => {
  const { mailer, taken } = await start({}, true);
  await expect(mailer.send(mail, signal)).rejects.toMatchObject({ code: 'MAIL_NOT_SENT' });
  expect(taken).toEqual([]);
});

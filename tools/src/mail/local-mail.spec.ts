import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { LocalMail } from './local-mail.js';

let mail: LocalMail;

beforeEach(async () => {
  mail = await LocalMail.start();
});

afterEach(() => mail.stop());

const letter = {
  from: 'Academy <academy@example.org>',
  to: 'ada@example.org',
  messageId: '<one@example.org>',
  subject: 'Your <week>',
  text: 'Two lessons & a note',
};

async function send(changes: object = {}): Promise<void> {
  const transport = createTransport(mail.smtpUrl);
  await transport.sendMail({ ...letter, ...changes }).finally(() => transport.close());
}

async function page(path: string, headers: Record<string, string> = {}) {
  const asked = request(`${mail.pageUrl}${path}`, { headers }).end();
  return new Promise<{ status?: number; body: string; policy: unknown }>((resolve, reject) => {
    asked.on('error', reject).on('response', (answer) => {
      const policy = answer.headers['content-security-policy'];
      void text(answer).then((body) => resolve({ status: answer.statusCode, body, policy }), reject);
    });
  });
}

it('shows what was sent, newest first', async () => {
  await send();
  await send({ subject: 'The next one', messageId: '<two@example.org>' });
  const { body } = await page('/');
  expect(body).toMatch(/The next one[^]*Your &#60;week&#62;[^]*to ada@example\.org/);
  const [, first] = await mail.folder.list();
  expect(first).toMatchObject({
    ...letter,
    text: 'Two lessons & a note\n',
    to: ['ada@example.org'],
    from: '"Academy" <academy@example.org>',
  });
  expect((await page(`/mails/${first?.id}`)).body).toContain('Two lessons &#38; a note');
});

it('gives programs every mail, with a Message-ID that tells the same one sent twice', async () => {
  await send();
  await send();
  const mails = JSON.parse((await page('/api/mails')).body) as { id: string; messageId: string }[];
  expect(mails.map(({ messageId }) => messageId)).toEqual(['<one@example.org>', '<one@example.org>']);
  expect(JSON.parse((await page(`/api/mails/${mails[0]?.id}`)).body)).toMatchObject({
    subject: 'Your <week>',
  });
});

it('shows the shape of a mail’s HTML and runs nothing of it', async () => {
  const html =
    '<h2>Hello</h2><script>alert(1)</script><img src="https://x.test/seen"><p onclick="go()">Ada</p>';
  await send({ html });
  const [{ id = '' } = {}] = await mail.folder.list();
  const { body, policy } = await page(`/mails/${id}`);
  expect(body).toContain('<h2>Hello</h2><p>Ada</p>');
  expect(policy).toMatch(/^default-src 'none'/);
});

it('finds nothing outside of its folder', async () => {
  expect(await page('/mails/1700000000000-000001')).toMatchObject({ status: 404 });
  expect(await page('/mails/..%2f..%2fetc%2fpasswd')).toMatchObject({ status: 404 });
});

it('answers nobody who was led here by another name', async () => {
  expect(await page('/', { host: 'attacker.test' })).toMatchObject({ status: 421 });
});

it('refuses a mail that is too large', async () => {
  await expect(send({ text: 'x'.repeat(11 * 2 ** 20) })).rejects.toMatchObject({ responseCode: 552 });
  expect(await mail.folder.list()).toEqual([]);
});

it('refuses an address for good when told to', async () => {
  mail.refused.add(letter.to);
  await expect(send()).rejects.toMatchObject({ responseCode: 550 });
  mail.refused.clear();
  await send();
  expect(await mail.folder.list()).toHaveLength(1);
});

it('keeps its mails in a folder over a restart, and none without one', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'trivet-mail-spec-'));
  try {
    await mail.stop();
    mail = await LocalMail.start({ dir });
    await send();
    await mail.stop();
    mail = await LocalMail.start({ dir });
    expect(await mail.folder.list()).toHaveLength(1);
  } finally {
    await rm(dir, { recursive: true });
  }
});

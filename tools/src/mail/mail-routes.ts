import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type MailFolder } from './mail-folder.js';
import { listPage, mailPage, nothingPage } from './mail-pages.js';

const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const headers = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  // Whatever a mail's HTML asks for: nothing is run, loaded or sent.
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
};

/** Serves the folder: `/` and `/mails/:id` for people, `/api/mails` and `/api/mails/:id` for programs. */
export function mailRoutes(folder: MailFolder): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    answer(folder, request)
      .catch(() => ({ status: 500, type: 'text/plain', body: 'The mails cannot be read.' }))
      .then(({ status, type, body }) => {
        response.writeHead(status, { ...headers, 'Content-Type': `${type}; charset=utf-8` }).end(body);
      })
      .catch(() => response.destroy());
  };
}

interface Answer {
  readonly status: number;
  readonly type: 'text/html' | 'text/plain' | 'application/json';
  readonly body: string;
}

async function answer(folder: MailFolder, { method, url = '/', headers }: IncomingMessage): Promise<Answer> {
  // Another site's name that leads here must not read mails.
  if (!LOCAL_HOST.test(headers.host ?? '')) return text(421, 'Ask for 127.0.0.1.');
  if (method !== 'GET') return text(405, 'Mails are only read here.');
  const path = url.split('?', 1)[0] ?? '/';
  if (path === '/') return html(listPage(await folder.list(), new Date()));
  if (path === '/api/mails') return json(await folder.list());
  const [, asJson, id = ''] = /^(\/api)?\/mails\/([\d-]+)$/.exec(path) ?? [];
  const mail = await folder.read(id);
  if (mail === undefined) return { ...html(nothingPage()), status: 404 };
  return asJson ? json(mail) : html(mailPage(mail));
}

const html = (body: string): Answer => ({ status: 200, type: 'text/html', body });
const json = (value: unknown): Answer => ({
  status: 200,
  type: 'application/json',
  body: JSON.stringify(value),
});
const text = (status: number, body: string): Answer => ({ status, type: 'text/plain', body });

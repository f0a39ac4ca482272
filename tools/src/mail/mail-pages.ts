import sanitizeHtml from 'sanitize-html';
import { type Mail } from './mail-folder.js';

const style = `
:root { color-scheme: light dark; --line: light-dark(#d8dbe2, #3a3f4b); --soft: light-dark(#5a6070, #a4abbb);
  --plate: light-dark(#fff, #1d2027); --ground: light-dark(#f3f4f7, #14161b); --link: light-dark(#0b57a4, #8ec2ff) }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
main { max-width: 48rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
a { color: var(--link) }
h1 { font-size: 1.375rem; margin: .25rem 0 1rem }
.fine, dt { color: var(--soft); font-size: .875rem; margin: 0 }
ul { list-style: none; margin: 0; padding: 0 }
.mails a, article { display: block; background: var(--plate); border: 1px solid var(--line); border-radius: .5rem;
  padding: .75rem 1rem; margin-top: .75rem }
.mails a { text-decoration: none; color: inherit }
.mails a:hover, .mails a:focus-visible { border-color: var(--link) }
.mails strong { display: block; color: var(--link) }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0 }
dd { margin: 0 }
pre { white-space: pre-wrap; font: inherit; margin: 0 }
summary { cursor: pointer; color: var(--soft) }
`;

/** All mails, newest first. */
export const listPage = (mails: readonly Mail[], now: Date): string =>
  page(
    'Mail',
    `<h1>Mail that the platform has sent</h1>
<p class="fine">Kept here, delivered to nobody. ${mails.length === 0 ? 'None yet.' : `As of ${timeOf(now)}; reload for newer ones.`}</p>
<ul class="mails">${mails.map(row).join('')}</ul>`,
  );

const row = ({ id, subject, to, receivedAt }: Mail): string => `
<li><a href="/mails/${id}"><strong>${escape(subject)}</strong>
<span class="fine">to ${escape(to.join(', '))}, ${timeOf(receivedAt)}</span></a></li>`;

/** One mail. What it brings of HTML is cut down to text with a shape. */
export const mailPage = (mail: Mail): string =>
  page(
    mail.subject,
    `<p><a href="/">All mail</a></p>
<h1>${escape(mail.subject)}</h1>
<dl>${Object.entries({
      From: mail.from,
      To: mail.to.join(', '),
      Received: timeOf(mail.receivedAt),
      'Message-ID': mail.messageId,
    })
      .map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`)
      .join('')}</dl>
<article>${mail.html === undefined ? plain(mail) : sanitizeHtml(mail.html)}</article>
${mail.html === undefined ? '' : `<details><summary>As plain text</summary><article>${plain(mail)}</article></details>`}`,
  );

export const nothingPage = (): string =>
  page('Not found', '<h1>There is no such mail</h1><p><a href="/">All mail</a></p>');

const plain = ({ text }: Mail): string => `<pre>${escape(text)}</pre>`;

const timeOf = (at: Date): string =>
  `<time datetime="${at.toISOString()}">${at.toISOString().replace('T', ' ').slice(0, 19)} UTC</time>`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${style}</style></head><body><main>
${body}
</main></body></html>
`;

const escape = (value: string): string =>
  value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

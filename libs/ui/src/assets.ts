import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A static file the pages refer to; the hash in its path changes with its content, so it can be cached for ever. */
export interface Asset {
  /** Where the app serves it, such as `/assets/trivet.1f0c2a9b7e.css`. */
  readonly path: string;
  /** Value of the Content-Type header. */
  readonly type: string;
  readonly content: string;
}

// Beside `src` and `dist` alike, so both find it.
const read = (name: string): string => readFileSync(new URL(`../assets/${name}`, import.meta.url), 'utf8');

const asset = (name: string, type: string, content: string): Asset => {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10);
  return { path: `/assets/${name.replace('.', `.${hash}.`)}`, type, content };
};

const sheets = [
  'tokens',
  'base',
  'layout',
  'user-menu',
  'forms',
  'components',
  'tables',
  'lists',
  'legs',
  'prose',
  'print',
];

/** The one stylesheet of all pages. */
export const stylesheet = asset(
  'trivet.css',
  'text/css; charset=utf-8',
  sheets.map((name) => read(`${name}.css`)).join('\n'),
);

/** The trivet on its plate: favicon and header mark. */
export const mark = asset('trivet.svg', 'image/svg+xml', read('mark.svg'));

/** Reloads a page that waits for something; without it the page's own link does the same. */
export const followScript = asset('follow.js', 'text/javascript; charset=utf-8', read('follow.js'));

/** Counts down to the end of a sign-in; without it the page says how long it was when it was made. */
export const endingScript = asset('ending.js', 'text/javascript; charset=utf-8', read('ending.js'));

/** Everything an app has to serve for its pages. */
export const assets: readonly Asset[] = [stylesheet, mark, followScript, endingScript];

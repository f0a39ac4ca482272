import { expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { renderToString } from 'preact-render-to-string';
import type { SessionInfo } from '../page-context.js';
import { guestContext, signedInContext } from '../testing/index.js';
import { SessionNotice } from './notices.js';

const long: SessionInfo = {
  mode: 'live',
  idleExpiresAt: '2026-07-14T13:28:00Z',
  absoluteExpiresAt: '2026-07-14T20:20:00Z',
};

const notice = (session: Partial<SessionInfo>): string =>
  load(
    renderToString(<SessionNotice context={signedInContext({ session: { ...long, ...session } })} />),
  ).text();

it('is silent while the sign-in has time left', () => {
  expect(notice({})).toBe('');
});

it('asks to open a page before the idle timeout', () => {
  const text = notice({ idleExpiresAt: '2026-07-14T09:55:00Z' });
  expect(text).toBe('Your sign-in ends in 25 min.Open any page before then to stay signed in.');
});

it('does not promise a renewal while the session store is away', () => {
  expect(notice({ mode: 'snapshot', idleExpiresAt: '2026-07-14T09:55:00Z' })).not.toContain('Open any page');
});

it('announces the absolute timeout, which no visit moves', () => {
  const end = '2026-07-14T09:40:00Z';
  const text = notice({ idleExpiresAt: end, absoluteExpiresAt: end });
  expect(text).toContain('Your sign-in ends in 10 min.');
  expect(text).toContain('longest allowed time');
});

it('explains reduced rights', () => {
  expect(notice({ mode: 'reduced' })).toContain('reduced rights');
});

it('tells a guest nothing', () => {
  expect(renderToString(<SessionNotice context={guestContext()} />)).toBe('');
});

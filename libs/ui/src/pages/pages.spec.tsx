import { expect, it } from '@jest/globals';
import { renderPage } from '../render-page.js';
import { describePages, guestContext, parsePage, signedInContext } from '../testing/index.js';
import { CertificatePage, type CertificateDetails } from './certificate-page.js';
import { ErrorPage } from './error-page.js';

const certificate = (state: CertificateDetails['state']): CertificateDetails => ({
  id: '0197f3c2',
  state,
  course: 'caching',
  title: 'Caching <b>without</b> regret',
  requestedAt: '2026-07-14T09:29:00Z',
});

const certificatePage = (state: CertificateDetails['state']) => (
  <CertificatePage
    context={signedInContext({ path: '/certificates/0197f3c2' })}
    certificate={certificate(state)}
  />
);

const errorPage = (retryAfterSeconds?: number) => (
  <ErrorPage
    context={guestContext({ path: '/<nowhere>', degraded: ['session', 'cache', 'queue'] })}
    status={503}
    title="Not possible at the moment"
    message={'Nothing is called <img src=x onerror="alert(1)">.'}
    requestId="0197f3c2-8d1e"
    retryAfterSeconds={retryAfterSeconds}
  />
);

describePages({
  'an error': errorPage(30),
  'a pending certificate': certificatePage('pending'),
  'a ready certificate': certificatePage('ready'),
  'a failed certificate': certificatePage('failed'),
});

it('offers the file of a ready certificate only', () => {
  const file = (state: CertificateDetails['state']) =>
    parsePage(certificatePage(state))('a[href="/api/certificates/0197f3c2/file"]').length;
  expect([file('ready'), file('pending'), file('failed')]).toEqual([1, 0, 0]);
});

it('lets a pending certificate be looked for again without a script', () => {
  const $ = parsePage(certificatePage('pending'));
  expect($('main a.button').attr('href')).toBe('/certificates/0197f3c2');
});

it('loads the follow script only while a certificate is pending', () => {
  const scripts = (state: CertificateDetails['state']) =>
    parsePage(certificatePage(state))('script[src*="follow"]').length;
  expect([scripts('pending'), scripts('ready'), scripts('failed')]).toEqual([1, 0, 0]);
});

it('shows an error with its request and when to try again', () => {
  const text = parsePage(errorPage(1))('main').text();
  expect(text).toContain('503');
  expect(text).toContain('0197f3c2-8d1e');
  expect(text).toContain('Please try again in 1 second.');
});

it('does not promise a time when none is known', () => {
  expect(renderPage(errorPage())).not.toContain('try again in');
});

it('escapes a hostile message', () => {
  expect(renderPage(errorPage())).not.toContain('<img src=x');
});

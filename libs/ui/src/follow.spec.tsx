import { expect, it } from '@jest/globals';
import { assets, followScript } from './assets.js';
import { CertificatePage } from './pages/certificate-page.js';
import { renderPage } from './render-page.js';
import { signedInContext, startBrowser } from './testing/index.js';

const certificatePage = (state: 'pending' | 'ready'): string =>
  renderPage(
    <CertificatePage
      context={signedInContext({ path: '/certificates/1' })}
      certificate={{
        id: '1',
        state,
        course: 'caching',
        title: 'Caching',
        requestedAt: '2026-07-14T09:29:00Z',
      }}
    />,
  );

it('shows the certificate as soon as it is ready, through failures on the way', async () => {
  const answers = [certificatePage('pending'), 'unavailable', certificatePage('pending')];
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.route('**/*', (route) => {
      const asset = assets.find(({ path }) => path === new URL(route.request().url()).pathname);
      if (asset) return route.fulfill({ contentType: asset.type, body: asset.content });
      const body = answers.shift() ?? certificatePage('ready');
      return body === 'unavailable'
        ? route.abort('connectionrefused')
        : route.fulfill({ contentType: 'text/html', body });
    });
    await page.goto('http://learn.trivet.localhost/certificates/1');
    await page.getByRole('link', { name: 'Download the PDF' }).waitFor({ timeout: 15_000 });
    expect(answers).toEqual([]);
  } finally {
    await browser.close();
  }
}, 60_000);

it('is served as a module script', () => {
  expect(followScript.type).toBe('text/javascript; charset=utf-8');
});

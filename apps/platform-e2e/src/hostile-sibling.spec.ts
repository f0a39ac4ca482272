import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Platform } from '@trivet/tools';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import supertest from 'supertest';
import { startChromium } from './browser.js';
import { HttpsDoor } from './https-door.js';

// Over https: there the cookies have the prefixes that they have in production.
const session = '__Secure-_shared_org_session';
const binder = '__Host-_shared_org_binder';
const shared = 'Domain=trivet.localhost; Secure; HttpOnly; SameSite=Lax';
const lesson = '/lessons/three-kinds-of-data';

let door: HttpsDoor;
let platform: Platform;
let browser: Browser;
let context: BrowserContext;
let victim: Page;
let victims = 0;
/** What evil.trivet.localhost answers: cookies and a page. */
let evil: { readonly cookies?: readonly string[]; readonly html?: string; readonly to?: string };

beforeAll(async () => {
  door = await HttpsDoor.open();
  const env = {
    PUBLIC_URL_DASHBOARD: door.url('dashboard'),
    PUBLIC_URL_LEARN: door.url('learn'),
    TRUSTED_PROXIES: '127.0.0.1',
  };
  [platform, browser] = await Promise.all([Platform.start({ env }), startChromium()]);
  door.lead('dashboard', platform.ports.dashboard);
  door.lead('learn', platform.ports.learn);
  door.lead('evil', ({ url }, response) => {
    // Not for its icon, which a browser may ask for after the victim has left.
    if (url !== '/') return void response.writeHead(404).end();
    response.setHeader('Set-Cookie', [...(evil.cookies ?? [])]);
    if (evil.to !== undefined) return void response.writeHead(302, { Location: evil.to }).end();
    response.setHeader('Content-Type', 'text/html').end(evil.html ?? '<h1>Kittens</h1>');
  });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await platform?.stop();
  await door?.close();
});

beforeEach(async () => {
  evil = {};
  context = await browser.newContext({ ignoreHTTPSErrors: true });
  victim = await context.newPage();
});

afterEach(() => context?.close());

/** A session of the attacker's own, got from home. */
async function mallorysSession(): Promise<{ readonly value: string; readonly binder: string }> {
  const answer = await supertest(`http://127.0.0.1:${platform.ports.dashboard}`)
    .post('/api/login')
    .set({ Host: new URL(door.url('dashboard')).host, 'X-Forwarded-Proto': 'https' })
    .send({ email: 'grace@trivet.localhost', password: 'correct horse' })
    .expect(200);
  const valueOf = (name: string) =>
    answer
      .get('Set-Cookie')
      ?.map((line) => new RegExp(`^${name}=([^;]+)`).exec(line)?.[1])
      .find(Boolean) ?? '';
  return { value: valueOf(session), binder: valueOf(binder) };
}

/** Signs the victim in, and opens both apps. */
async function signIn(): Promise<string> {
  const name = `learner-${String((victims += 1)).padStart(3, '0')}@trivet.localhost`;
  await victim.goto(
    `${door.url('dashboard')}/login?return_to=${encodeURIComponent(`${door.url('learn')}/`)}`,
  );
  await fillIn(name);
  await victim.waitForURL(`${door.url('learn')}/`);
  return name;
}

async function fillIn(email: string): Promise<void> {
  await victim.getByLabel('E-mail').fill(email);
  await victim.getByLabel('Password').fill('correct horse');
  await victim.getByRole('button', { name: 'Sign in' }).click();
}

/** The victim looks at kittens. */
async function visitEvil(what: typeof evil): Promise<void> {
  evil = what;
  await victim.goto(door.url('evil'));
}

/** Values of a cookie in the last request for a page that an app got. */
const arrived = (app: 'dashboard' | 'learn', name = session): readonly string[] =>
  (door.last(app)?.headers.cookie ?? '')
    .split('; ')
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));

/** Who the pages of both apps take the victim for; undefined for a guest. */
async function shownAs(): Promise<(string | undefined)[]> {
  const shown: (string | undefined)[] = [];
  for (const page of [`${door.url('learn')}/`, `${door.url('dashboard')}/account`]) {
    await victim.goto(page);
    const menu = victim.locator('.user-menu-email');
    shown.push((await menu.count()) > 0 ? ((await menu.textContent()) ?? '') : undefined);
  }
  return shown;
}

it('cookie toss: a session planted in a guest’s browser is not taken for the guest’s own', async () => {
  const { value } = await mallorysSession();
  await visitEvil({ cookies: [`${session}=${value}; Path=/; ${shared}`] });
  expect(await shownAs()).toEqual([undefined, undefined]);
  expect(arrived('dashboard')).toEqual([value]);
  await victim.getByText('nothing confirms that it is yours').waitFor();
});

it('cookie toss: a session planted over the victim’s own is not taken for it', async () => {
  await signIn();
  const { value } = await mallorysSession();
  await visitEvil({ cookies: [`${session}=${value}; Path=/; ${shared}`] });
  expect(await shownAs()).toEqual([undefined, undefined]);
  expect(arrived('dashboard')).toEqual([value]);
});

it('cookie toss: the binder cannot be planted along', async () => {
  const own = await mallorysSession();
  await visitEvil({
    cookies: [
      `${session}=${own.value}; Path=/; ${shared}`,
      `${binder}=${own.binder}; Path=/; ${shared}`,
      `${binder}=${own.binder}; Path=/; Secure; HttpOnly`,
    ],
  });
  expect(await shownAs()).toEqual([undefined, undefined]);
  expect([arrived('dashboard'), arrived('dashboard', binder)]).toEqual([[own.value], []]);
});

it.each(['a stranger’s session', 'garbage'])(
  'path shadow: %s under a longer path neither takes the victim’s place nor signs them out',
  async (what) => {
    const email = await signIn();
    const value = what === 'garbage' ? 'garbage' : (await mallorysSession()).value;
    await visitEvil({ cookies: [`${session}=${value}; Path=/lessons; ${shared}`] });
    await victim.goto(door.url('learn') + lesson);
    expect(arrived('learn')).toHaveLength(2);
    expect(arrived('learn')[0]).toBe(value);
    expect(await victim.locator('.user-menu-email').count()).toBe(0);
    await victim.goto(door.url('learn') + lesson);
    expect(arrived('learn')).toHaveLength(1);
    expect(await victim.locator('.user-menu-email').textContent()).toBe(email);
  },
);

it('duplicate: a partitioned cookie in the honest one’s very scope is refused and cleared', async () => {
  const email = await signIn();
  const { value } = await mallorysSession();
  await visitEvil({ cookies: [`${session}=${value}; Path=/; ${shared}; Partitioned`] });
  await victim.goto(`${door.url('learn')}/`);
  expect(arrived('learn')).toHaveLength(2);
  expect(await victim.locator('.user-menu-email').count()).toBe(0);
  expect(await shownAs()).toEqual([email, email]);
  expect(arrived('learn')).toHaveLength(1);
});

it('jar overflow: with the victim’s cookies pushed out, a planted session is still not taken', async () => {
  await signIn();
  const { value } = await mallorysSession();
  // More than a browser keeps for all subdomains together.
  const flood = Array.from({ length: 400 }, (_, index) => `flood${index}=1; Path=/; ${shared}`);
  for (let start = 0; start < flood.length; start += 50)
    await visitEvil({ cookies: flood.slice(start, start + 50) });
  await visitEvil({ cookies: [`${session}=${value}; Path=/; ${shared}`] });
  expect(await shownAs()).toEqual([undefined, undefined]);
  expect([arrived('dashboard'), arrived('dashboard', binder)]).toEqual([[value], []]);
});

it('fixation: the session that the victim signs in over is not the one that was planted', async () => {
  const { value } = await mallorysSession();
  await visitEvil({ cookies: [`${session}=${value}; Path=/; ${shared}`] });
  await victim.goto(`${door.url('dashboard')}/login`);
  expect(arrived('dashboard')).toEqual([value]);
  const name = `learner-${String((victims += 1)).padStart(3, '0')}@trivet.localhost`;
  await fillIn(name);
  await victim.waitForURL(`${door.url('dashboard')}/`);
  expect(await shownAs()).toEqual([name, name]);
  const mallory = await supertest(`http://127.0.0.1:${platform.ports.dashboard}`)
    .get('/api/me')
    .set({ Host: new URL(door.url('dashboard')).host, Cookie: `${session}=${value}` });
  expect(JSON.stringify(mallory.body)).not.toContain(name);
});

it('hand-off: a ticket for the attacker’s browser is none for the victim’s', async () => {
  const { value, binder: own } = await mallorysSession();
  const ask = async (app: 'dashboard' | 'learn', path: string, cookie: string) => {
    const { headers } = await supertest(`http://127.0.0.1:${platform.ports[app]}`)
      .get(path)
      .set({
        Host: new URL(door.url(app)).host,
        'X-Forwarded-Proto': 'https',
        Accept: 'text/html',
        Cookie: cookie,
      })
      .expect(303);
    return new URL(headers['location'] as string);
  };
  const asked = await ask('learn', lesson, `${session}=${value}`);
  const ticket = await ask(
    'dashboard',
    asked.pathname + asked.search,
    `${session}=${value}; ${binder}=${own}`,
  );
  expect(ticket.origin + ticket.pathname).toBe(`${door.url('learn')}/handoff`);
  await visitEvil({ cookies: [`${session}=${value}; Path=/; ${shared}`], to: ticket.href });
  expect(await shownAs()).toEqual([undefined, undefined]);
  expect(
    door.seen.some(({ host, path }) => host.startsWith('learn') && path.startsWith('/handoff?ticket=')),
  ).toBe(true);
});

/** Submits a form of the sibling's, and returns what the app got and answered. */
async function submitFrom(fields: Readonly<Record<string, string>>, action: string) {
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  await visitEvil({
    html: `<form method="post" action="${action}">${inputs.join('')}<button>Win</button></form>`,
  });
  const answered = victim.waitForResponse((response) => response.request().method() === 'POST');
  await victim.getByRole('button', { name: 'Win' }).click();
  const status = (await answered).status();
  const app = action.startsWith(door.url('learn')) ? 'learn' : 'dashboard';
  const { headers = {} } = door.last(app, 'POST') ?? {};
  return {
    status,
    site: headers['sec-fetch-site'],
    hadSession: String(headers.cookie).includes(`${session}=`),
  };
}

it('login CSRF: a sibling’s form signs nobody in as somebody else', async () => {
  const fields = { email: 'grace@trivet.localhost', password: 'correct horse' };
  const sent = await submitFrom(fields, `${door.url('dashboard')}/login`);
  expect(sent).toEqual({ status: 403, site: 'same-site', hadSession: false });
  expect(await shownAs()).toEqual([undefined, undefined]);
});

it.each([
  ['learn', '/notes', { text: 'forged' }],
  ['learn', `${lesson}/complete`, {}],
  ['learn', '/logout', {}],
  ['dashboard', '/account/devices/revoke-all', {}],
  ['dashboard', '/account/password', { currentPassword: 'correct horse', newPassword: 'battery staple' }],
] as const)('same-site POST: a form on the sibling changes nothing on %s%s', async (app, path, fields) => {
  const email = await signIn();
  const sent = await submitFrom(fields, door.url(app) + path);
  // It came with the victim's session, so an app without the guard would have done it.
  expect(sent).toEqual({ status: 403, site: 'same-site', hadSession: true });
  expect(await shownAs()).toEqual([email, email]);
});

it('same-site POST: a script’s JSON in the guise of text changes nothing', async () => {
  await signIn();
  await visitEvil({});
  const target = `${door.url('learn')}/api/notes`;
  await victim.evaluate(
    (address) =>
      fetch(address, {
        method: 'POST',
        mode: 'no-cors',
        credentials: 'include',
        headers: { 'Content-Type': 'text/plain' },
        body: '{"text":"forged by a script"}',
        // The answer is kept from the sibling; the request was made.
      }).catch(() => undefined),
    target,
  );
  const { headers } = door.last('learn', 'POST') ?? {};
  expect([headers?.['sec-fetch-site'], String(headers?.cookie).includes(`${session}=`)]).toEqual([
    'same-site',
    true,
  ]);
  await victim.goto(door.url('learn') + lesson);
  expect(await victim.content()).not.toContain('forged by a script');
});

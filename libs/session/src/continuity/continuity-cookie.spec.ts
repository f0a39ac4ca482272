import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisServer, SentinelCluster } from '@trivet/fault-kit';
import {
  Browser,
  continuityCookie,
  secret,
  sessionCookie,
  SpecClock,
  startApp,
  until,
  type App,
  type AppOptions,
} from './outage.fixture.js';

let redis: RedisServer;
let clock: SpecClock;
let apps: App[];

const start = async (name: string, options: AppOptions = {}): Promise<App> => {
  const app = await startApp(redis.url, name, { clock, ...options });
  apps.push(app);
  return app;
};
const linesOf = (browser: Browser, name: string) => browser.set.filter((line) => line.startsWith(`${name}=`));

beforeEach(async () => {
  [clock, apps] = [new SpecClock(), []];
  redis = await RedisServer.start();
});

afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await redis.stop();
});

describe('the continuity cookie', () => {
  let app: App;
  let ada: Browser;
  const sealed = () => linesOf(ada, continuityCookie).length;

  beforeEach(async () => {
    app = await start('learn');
    ada = new Browser('ada');
    await ada.signIn(app);
  });

  it('comes with the sign-in, for the shared domain, out of reach of scripts, and small', () => {
    const [line = ''] = linesOf(ada, continuityCookie);
    expect(line).toMatch(
      /^_shared_org_continuity=[\w-]+; Max-Age=14460; Domain=trivet\.localhost; Path=\/; Expires=.+; HttpOnly; SameSite=Lax$/,
    );
    expect(line.split(';')[0]!.length).toBeLessThan(1024);
  });

  it('is sealed anew once a minute, and when something changed', async () => {
    const before = sealed();
    await ada.get(app);
    expect(sealed()).toBe(before);
    clock.advance(60_000);
    await ada.get(app);
    await ada.get(app);
    expect(sealed()).toBe(before + 1);
    await ada.post(app, 'write', { value: 'x' });
    expect(sealed()).toBe(before + 2);
  });

  it('takes the session’s own along, which lives as long', async () => {
    const own = () => linesOf(ada, sessionCookie);
    expect(own()).toHaveLength(1);
    await ada.get(app);
    expect(own()).toHaveLength(1);
    clock.advance(60_000);
    await ada.get(app);
    await ada.post(app, 'write', { value: 'x' });
    expect(own()).toHaveLength(3);
    const lives = own().map((line) => Date.parse(/Expires=([^;]+)/.exec(line)![1]!) - Date.now());
    for (const ms of lives) expect(Math.abs(ms - 14_460_000)).toBeLessThan(10_000);
    ada.jar.delete(continuityCookie);
    await ada.get(app);
    expect(own()).toHaveLength(4);
  });

  it('never leaves with an answer that a shared cache may keep', async () => {
    ada.jar.delete(continuityCookie);
    const answer = await ada.get(app, 'public');
    expect(answer.get('Set-Cookie')).toBeUndefined();
  });

  it('makes an answer private that says nothing of caches', async () => {
    ada.jar.delete(continuityCookie);
    const answer = await ada.post(app, 'write', { value: 'x' });
    expect(answer.get('Cache-Control')).toBe('private');
    expect(ada.jar.has(continuityCookie)).toBe(true);
  });

  it('goes with the sign-out', async () => {
    await ada.post(app, 'logout');
    expect(linesOf(ada, continuityCookie).at(-1)).toMatch(/=; .*1970/);
    await ada.get(app);
    expect([...ada.jar.keys()]).toEqual([]);
  });

  it('is not there for guests', async () => {
    const guest = new Browser('guest');
    await guest.get(app);
    expect(guest.set).toEqual([]);
  });

  it('of another session is no use', async () => {
    const grace = new Browser('grace');
    await grace.signIn(app);
    ada.jar.set(continuityCookie, grace.jar.get(continuityCookie)!);
    await redis.kill();
    await until(app, 'down');
    clock.advance(31_000);
    expect(await ada.seenBy(app)).toBe('guest');
  });

  it('without the session’s own cookie is no use', async () => {
    ada.jar.delete(sessionCookie);
    await redis.kill();
    await until(app, 'down');
    expect(await ada.seenBy(app)).toBe('guest');
  });

  it('of the session before the id was rotated is no use', async () => {
    const old = new Map(ada.jar);
    await ada.post(app, 'renew');
    expect(ada.jar.get(sessionCookie)).not.toBe(old.get(sessionCookie));
    await redis.kill();
    await until(app, 'down');
    const replayed = new Browser('ada');
    for (const [name, value] of old) replayed.jar.set(name, value);
    expect(await replayed.seenBy(app)).toBe('guest');
    expect(await ada.seenBy(app)).toBe('ada, recent');
  });
});

it('sets no cookie of a session that was ended while the request was under way', async () => {
  const [learn, dashboard] = [await start('learn'), await start('dashboard')];
  const ada = new Browser('ada');
  await ada.signIn(learn);
  const late = new Browser('ada');
  for (const [name, value] of ada.jar) late.jar.set(name, value);
  late.jar.delete(continuityCookie);
  const slow = late.get(learn, 'slow');
  await ada.post(learn, 'logout');
  await ada.post(learn, 'release');
  expect((await slow).get('Set-Cookie')).toBeUndefined();
  expect(await late.seenBy(dashboard)).toBe('guest');
});

describe('rotation', () => {
  const [old, fresh] = [secret, 'another secret of at least thirty-two characters'];

  it('signs a cookie anew that an old secret has signed', async () => {
    const before = await start('learn', { cookieSecrets: [old] });
    const ada = new Browser('ada');
    await ada.signIn(before);
    const signedByOld = ada.jar.get(sessionCookie);
    const after = await start('learn', { cookieSecrets: [fresh, old] });
    expect(await ada.seenBy(after)).toBe('ada, live');
    expect(ada.jar.get(sessionCookie)).not.toBe(signedByOld);
    const retired = await start('learn', { cookieSecrets: [fresh] });
    expect(await ada.seenBy(retired)).toBe('ada, live');
  });

  it('of the seal key logs nobody out, at no step and in no order of the processes', async () => {
    const steps = [[old], [old, fresh], [fresh, old]];
    const ada = new Browser('ada');
    await ada.signIn(await start('dashboard', { sealKeys: steps[0]! }));
    for (const [i, sealKeys] of steps.entries()) {
      const behind = await start('dashboard', { sealKeys: steps[Math.max(0, i - 1)]! });
      const ahead = await start('learn', { sealKeys });
      for (const app of [ahead, behind, ahead]) {
        expect(await ada.seenBy(app)).toBe('ada, live');
        await ada.post(app, 'write', { value: `step ${i}` });
      }
    }
    // The old key goes when every session is over that began before the new one sealed.
    const grace = new Browser('grace');
    await grace.signIn(await start('dashboard', { sealKeys: [fresh, old] }));
    expect(await grace.seenBy(await start('learn', { sealKeys: [fresh] }))).toBe('grace, live');
  });

  it('seals a snapshot anew that an old key has sealed', async () => {
    const ada = new Browser('ada');
    await ada.signIn(await start('dashboard', { sealKeys: [old] }));
    const sealedByOld = ada.jar.get(continuityCookie);
    const after = await start('learn', { sealKeys: [fresh, old] });
    await ada.get(after);
    const sealedByFresh = ada.jar.get(continuityCookie);
    expect(sealedByFresh).not.toBe(sealedByOld);
    await ada.get(after);
    expect(ada.jar.get(continuityCookie)).toBe(sealedByFresh);
  });

  it('leaves a seal of a key that it does not know in the browser', async () => {
    const ahead = await start('dashboard', { sealKeys: [fresh, old] });
    const behind = await start('learn', { sealKeys: [old] });
    const ada = new Browser('ada');
    await ada.signIn(ahead);
    const before = new Map(ada.jar);
    await redis.kill();
    await until(behind, 'down');
    expect(await ada.seenBy(behind)).toBe('guest');
    expect(ada.jar).toEqual(before);
  });
});

it('reads from a replica while the master is away', async () => {
  const cluster = await SentinelCluster.start({ replicas: 1, downAfterMs: 60_000 });
  const app = await startApp(cluster.url, 'learn', { clock });
  const ada = new Browser('ada');
  await ada.signIn(app);
  await cluster.servers[0]!.replicatedTo(cluster.servers[1]!);
  ada.jar.delete(continuityCookie);
  cluster.servers[0]!.hang();
  await until(app, 'down');
  expect(await ada.seenBy(app)).toBe('ada, replica');
  const sets = ada.set.length;
  await ada.get(app);
  expect(ada.set).toHaveLength(sets);
  cluster.servers[0]!.resume();
  await app.close();
  await cluster.stop();
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { count } from 'drizzle-orm';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { signInFailures } from '../academy.schema.js';
import { Accounts } from './accounts.js';
import { Credentials } from './credentials.js';
import { HashSlots } from './hash-slots.js';
import { SignInLimiter } from './sign-in-limiter.js';

let academy: AcademyFixture;
let accounts: Accounts;
let credentials: Credentials;
const password = 'correct horse';
const address = '192.0.2.1';

beforeAll(async () => {
  academy = await startAcademy();
  const { database, clock } = academy;
  const slots = new HashSlots();
  accounts = new Accounts(database, slots);
  credentials = new Credentials(accounts, database, slots, new SignInLimiter(database, clock, {}));
  for (const name of ['ada', 'grace', 'joan']) {
    await accounts.create({ email: `${name}@example.org`, name, password, roles: ['learner'] });
  }
});

afterAll(async () => {
  await academy.stop();
});

const failures = async () => (await academy.database.select({ n: count() }).from(signInFailures))[0]?.n;

it('tells who it is, and counts no success', async () => {
  const account = await credentials.verify({ email: 'Ada@example.org', password, address });
  expect(account).toEqual(await accounts.findByEmail('ada@example.org'));
  expect(await failures()).toBe(0);
});

it('says the same of a wrong password and of an unknown address, and counts both', async () => {
  const wrong = credentials.verify({ email: 'ada@example.org', password: 'wrong password', address });
  const unknown = credentials.verify({ email: 'nobody@example.org', password, address });
  const [first, second] = await Promise.allSettled([wrong, unknown]);
  expect(first).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_CREDENTIALS' } });
  expect(second).toEqual(first);
  expect(await failures()).toBe(2);
});

it('lets no burst of guesses past the limit', async () => {
  const guess = (n: number) =>
    credentials.verify({ email: 'grace@example.org', password: `guess ${n}`, address });
  const results = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => guess(n)));
  const reasons = results.map((result) => (result as PromiseRejectedResult).reason as { code: string });
  const tried = reasons.filter(({ code }) => code === 'INVALID_CREDENTIALS').length;
  // Two are hashed at once, so one may be under way while the tenth is counted.
  expect([10, 11]).toContain(tried);
  expect(reasons.filter(({ code }) => code === 'TOO_MANY_SIGN_INS')).toHaveLength(30 - tried);
});

it('changes a password for whoever knows the old one', async () => {
  const proof = { email: 'joan@example.org', password, address };
  const stranger = credentials.changePassword({ ...proof, password: 'wrong password' }, 'battery staple');
  await expect(stranger).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
  await expect(credentials.changePassword(proof, 'short')).rejects.toMatchObject({ code: 'PASSWORD_POLICY' });
  await credentials.changePassword(proof, 'battery staple');
  await expect(credentials.verify(proof)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
  expect((await credentials.verify({ ...proof, password: 'battery staple' })).name).toBe('joan');
});

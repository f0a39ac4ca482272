import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { signInFailures } from '../academy.schema.js';
import { SignInLimiter } from './sign-in-limiter.js';

let academy: AcademyFixture;
let limiter: SignInLimiter;

beforeAll(async () => {
  academy = await startAcademy();
  limiter = new SignInLimiter(academy.database, academy.clock, { signInPepper: 'pepper' });
});

beforeEach(async () => {
  await academy.database.delete(signInFailures);
});

afterAll(async () => {
  await academy.stop();
});

const ada = { email: 'ada@example.org', address: '192.0.2.1' };

async function fail(times: number, attempt: (n: number) => typeof ada): Promise<void> {
  for (let n = 0; n < times; n++) await limiter.recordFailure(attempt(n));
}

it('refuses the eleventh try for an account from one address until the first failure is 5 minutes old', async () => {
  await limiter.recordFailure(ada);
  academy.clock.advance(60_000);
  await fail(8, () => ada);
  expect(await limiter.admit(ada)).toBe(0);
  await limiter.recordFailure({ ...ada, email: ' ADA@example.org' });
  await expect(limiter.admit(ada)).rejects.toMatchObject({
    code: 'TOO_MANY_SIGN_INS',
    retryAfterSeconds: 240,
  });
  academy.clock.advance(240_000);
  expect(await limiter.admit(ada)).toBe(0);
});

it('leaves the account open from elsewhere, and other accounts open from there', async () => {
  await fail(10, () => ada);
  expect(await limiter.admit({ ...ada, address: '192.0.2.2' })).toBe(0);
  expect(await limiter.admit({ ...ada, email: 'grace@example.org' })).toBe(0);
});

it('refuses an address that failed for many accounts', async () => {
  await fail(100, (n) => ({ ...ada, email: `user-${n}@example.org` }));
  await expect(limiter.admit(ada)).rejects.toMatchObject({ retryAfterSeconds: 300 });
});

it('slows an account down that is attacked from many addresses, but does not lock it', async () => {
  await fail(100, (n) => ({ ...ada, address: `198.51.100.${n}` }));
  expect(await limiter.admit(ada)).toBe(1_000);
});

it('shares its count with other processes that know the pepper', async () => {
  await fail(10, () => ada);
  const other = new SignInLimiter(academy.database, academy.clock, { signInPepper: 'pepper' });
  await expect(other.admit(ada)).rejects.toMatchObject({ code: 'TOO_MANY_SIGN_INS' });
});

it('stores neither addresses nor e-mails, and forgets old failures', async () => {
  await limiter.recordFailure(ada);
  academy.clock.advance(300_000);
  await limiter.recordFailure(ada);
  const rows = await academy.database.select().from(signInFailures);
  expect(rows.map(({ account, address }) => [account.length, address.length])).toEqual([[32, 32]]);
});

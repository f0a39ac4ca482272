import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { Accounts } from './accounts.js';
import { HashSlots } from './hash-slots.js';

let academy: AcademyFixture;
let accounts: Accounts;

beforeAll(async () => {
  academy = await startAcademy();
  accounts = new Accounts(academy.database, new HashSlots());
});

afterAll(async () => {
  await academy.stop();
});

const alan = {
  email: ' Alan@Example.org ',
  name: 'Alan Turing',
  password: 'correct horse',
  roles: ['learner'],
} as const;

it('finds an account by id and by address in any case, without its password', async () => {
  const created = await accounts.create(alan);
  expect(created).toEqual({
    id: created.id,
    email: 'alan@example.org',
    name: 'Alan Turing',
    roles: ['learner'],
  });
  expect(await accounts.findById(created.id)).toEqual(created);
  expect(await accounts.findByEmail('ALAN@example.org')).toEqual(created);
  expect(await accounts.rolesOf(created.id)).toEqual(['learner']);
});

it('refuses a second account with the same address', async () => {
  await expect(accounts.create({ ...alan, email: 'alan@EXAMPLE.org' })).rejects.toMatchObject({
    code: 'EMAIL_TAKEN',
  });
});

it('refuses a password that is too short or too long', async () => {
  for (const password of ['short', 'x'.repeat(201)]) {
    const account = { ...alan, email: 'other@example.org', password };
    await expect(accounts.create(account)).rejects.toMatchObject({ code: 'PASSWORD_POLICY' });
  }
});

it('ends every sign-in up to a password change, but for the one that made it', async () => {
  const { id } = await accounts.create({ ...alan, email: 'changing@example.org' });
  expect(await accounts.signInStanding(id)).toEqual({});
  const before = Date.now();
  await accounts.setPassword(id, 'battery staple', 'this device');
  const { notBefore, spared } = (await accounts.signInStanding(id)) ?? {};
  expect(notBefore?.getTime()).toBeGreaterThanOrEqual(before);
  expect(spared).toBe('this device');
  await accounts.setPassword(id, 'correct horse again');
  expect((await accounts.signInStanding(id))?.spared).toBeUndefined();
});

it('finds nobody by an unknown or malformed id', async () => {
  expect(await accounts.findById(randomUUID())).toBeUndefined();
  expect(await accounts.findById("1' or '1'='1")).toBeUndefined();
  expect(await accounts.rolesOf(randomUUID())).toEqual([]);
  expect(await accounts.signInStanding(randomUUID())).toBeUndefined();
});

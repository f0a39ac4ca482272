import { expect, it } from '@jest/globals';
import { hashPassword, verifyPassword } from './passwords.js';

it('knows the right password from a wrong one', async () => {
  const encoded = await hashPassword('correct horse');
  expect(await verifyPassword('correct horse', encoded)).toBe(true);
  expect(await verifyPassword('correct horsf', encoded)).toBe(false);
});

it('writes the cost and a fresh salt into each hash', async () => {
  const [first, second] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  expect(first).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[^$]{24}\$[^$]{44}$/);
  expect(first).not.toBe(second);
});

it('verifies a hash that was made at another cost', async () => {
  // scrypt('pleaseletmein', 'SodiumChloride', N=2^14, r=8, p=1), RFC 7914 section 12, first 32 bytes
  const hash = Buffer.from(
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2',
    'hex',
  ).toString('base64');
  const salt = Buffer.from('SodiumChloride').toString('base64');
  expect(await verifyPassword('pleaseletmein', `$scrypt$ln=14,r=8,p=1$${salt}$${hash}`)).toBe(true);
});

it('takes the same password from any keyboard', async () => {
  expect(await verifyPassword('caf\u00e9 au lait', await hashPassword('cafe\u0301 au lait'))).toBe(true);
});

it('takes as long for an account that does not exist', async () => {
  const encoded = await hashPassword('correct horse');
  const wrong = await fastestMs(() => verifyPassword('wrong', encoded));
  const unknown = await fastestMs(() => verifyPassword('wrong'));
  expect(await verifyPassword('wrong')).toBe(false);
  expect(Math.max(wrong, unknown) / Math.min(wrong, unknown)).toBeLessThan(2);
});

async function fastestMs(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  return Math.min(...times);
}

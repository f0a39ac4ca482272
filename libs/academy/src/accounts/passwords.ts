import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** OWASP's scrypt setting of 32 MiB: N = 2^15, r = 8, p = 3. */
const COST = { logN: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What the time of a sign-in without an account is spent on. No password has this hash. */
const NOBODYS_HASH = encode(COST, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));

/** Hashes a password, as `$scrypt$ln=15,r=8,p=3$<salt>$<hash>` (PHC string format): old settings stay verifiable. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return encode(COST, salt, await run(password, salt, COST));
}

/** Compares in constant time, and takes as long when there is no hash to compare with. */
export async function verifyPassword(password: string, encoded: string = NOBODYS_HASH): Promise<boolean> {
  const [, , cost = '', salt = '', hash = ''] = encoded.split('$');
  const [logN = 0, r = 0, p = 0] = cost.split(',').map((part) => Number(part.split('=')[1]));
  const expected = Buffer.from(hash, 'base64');
  return timingSafeEqual(await run(password, Buffer.from(salt, 'base64'), { logN, r, p }), expected);
}

type Cost = typeof COST;

/** NFKC: the same password typed on another keyboard gives the same bytes. */
function run(password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** logN;
  return derive(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r });
}

function encode({ logN, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${logN},r=${r},p=${p}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

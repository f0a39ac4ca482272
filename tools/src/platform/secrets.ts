import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the apps of one checkout share and nobody else may know. */
export interface Secrets {
  readonly COOKIE_SECRETS: string;
  readonly SESSION_KEY_SECRET: string;
  readonly SESSION_SEAL_KEYS: string;
}

/**
 * The secrets of a data directory, made at random the first time; without a directory new ones. A directory of an earlier version
 * gets those that it lacks.
 */
export function readSecrets(dataDir: string | undefined): Secrets {
  if (dataDir === undefined) return randomSecrets();
  const file = join(dataDir, 'secrets.json');
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
  const secrets = { ...randomSecrets(), ...known };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function randomSecrets(): Secrets {
  return { COOKIE_SECRETS: random(), SESSION_KEY_SECRET: random(), SESSION_SEAL_KEYS: random() };
}

const random = (): string => randomBytes(32).toString('hex');

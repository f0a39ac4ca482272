import { expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { needs } from './environment.js';

/** Variables that a deployment may leave out. */
const optional = ['ALLOW_SHARED_REDIS', 'REDIS_CA_FILE'];

it('asks for exactly the variables of .env.example, which the apps hold against their own schemas', async () => {
  const text = await readFile(new URL('../../../../.env.example', import.meta.url), 'utf8');
  const [ofTheApps = ''] = text.split('# --- npm start');
  const documented = [...ofTheApps.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);
  const asked = new Set(Object.values(needs).flat());
  expect([...asked, ...optional].sort()).toEqual(documented.sort());
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { renderByKubectl } from './render.js';
import { rules } from './rules.js';

const run = promisify(execFile);
const url = 'postgresql://trivet:password@10.0.0.5:5432/trivet';
const smtpUrl = 'smtps://user:password@mail.example.org:465';

const k8s = fileURLToPath(new URL('../../../k8s', import.meta.url));
const hasKubectl = (await renderByKubectl(join(k8s, 'base'))) !== undefined;

let directory: string;
let overlay: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'overlay-'));
  await cp(k8s, directory, { recursive: true });
  overlay = join(directory, 'overlays/example');
  await run('sh', [join(overlay, 'make-secrets.sh'), url, smtpUrl]);
});
afterAll(() => rm(directory, { recursive: true }));

it('makes secrets that the apps and the Redis pods take, and never overwrites them', async () => {
  const secrets = await readFile(join(overlay, 'redis-passwords.secret.env'), 'utf8');
  expect(secrets).toMatch(/^session=[0-9a-f]{64}\ncache=[0-9a-f]{64}\nqueue=[0-9a-f]{64}\n$/);
  await expect(run('sh', [join(overlay, 'make-secrets.sh'), url, smtpUrl])).rejects.toThrow(
    'is there already',
  );
});

// Patches are beyond our own reading.
const itWithKubectl = hasKubectl ? it : it.skip;
itWithKubectl('holds every rule of the base, but for the secrets, which are no placeholders', async () => {
  const manifests = await renderByKubectl(overlay);
  const broken = manifests && rules.filter((rule) => [...rule(manifests)].length > 0);
  expect(broken?.map(({ name }) => name)).toEqual(['committedSecretsArePlaceholders']);
});

import { expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readKustomization } from './kustomization.js';
import { idOf, type Manifest } from './manifests.js';
import { parseManifests } from './parse.js';
import { renderByKubectl } from './render.js';

const base = fileURLToPath(new URL('../../../k8s/base', import.meta.url));

/** In one order, without the hashes that only kubectl puts behind generated names. */
function comparable(manifests: readonly Manifest[]): Manifest[] {
  const generated = /"(platform|redis-(?:scripts|session|cache|queue|passwords))-[0-9a-z]{10}"/g;
  const all = JSON.parse(JSON.stringify(manifests).replace(generated, '"$1"')) as Manifest[];
  return all.sort((a, b) => idOf(a).localeCompare(idOf(b)));
}

it('reads the same objects from k8s/base as kubectl, where there is one', async () => {
  const ours = await readKustomization(base);
  const theirs = await renderByKubectl(base);
  expect(ours.length).toBeGreaterThan(40);
  if (theirs) expect(comparable(theirs.all)).toEqual(comparable(ours));
});

it('refuses a kustomization that only kubectl can read, instead of leaving a part of it out', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kustomization-'));
  try {
    await writeFile(join(directory, 'kustomization.yaml'), 'patches: []\nresources: []\n');
    await expect(readKustomization(directory)).rejects.toThrow('only kubectl understands patches');
  } finally {
    await rm(directory, { recursive: true });
  }
});

it('refuses a key that is there twice', () => {
  expect(() => parseManifests('kind: Service\nkind: Secret\n', 'it.yaml')).toThrow(
    'it.yaml: Map keys must be unique',
  );
});

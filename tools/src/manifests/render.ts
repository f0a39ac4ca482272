import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readKustomization } from './kustomization.js';
import { Manifests } from './manifests.js';
import { parseManifests } from './parse.js';
import { RenderError } from './render.error.js';

/** Rendered manifests, and which way they were rendered. */
export interface Rendering {
  readonly manifests: Manifests;
  readonly by: 'kubectl kustomize' | 'our own reading, for want of kubectl';
}

/**
 * Renders a kustomization: with kubectl, or, where there is none, by reading what {@link readKustomization} knows.
 *
 * @throws RenderError
 */
export async function render(directory: string): Promise<Rendering> {
  const byKubectl = await renderByKubectl(directory);
  if (byKubectl) return { manifests: byKubectl, by: 'kubectl kustomize' };
  const manifests = new Manifests(await readKustomization(directory));
  return { manifests, by: 'our own reading, for want of kubectl' };
}

/** `undefined` where there is no kubectl. @throws RenderError with kubectl's words. */
export async function renderByKubectl(directory: string): Promise<Manifests | undefined> {
  try {
    const { stdout } = await promisify(execFile)('kubectl', ['kustomize', directory], { maxBuffer: 2 ** 26 });
    return new Manifests(parseManifests(stdout, 'kubectl'));
  } catch (error) {
    const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') return undefined;
    throw new RenderError(stderr?.trim() || message);
  }
}

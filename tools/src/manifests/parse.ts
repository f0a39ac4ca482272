import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifests.js';
import { RenderError } from './render.error.js';

/** The objects of a YAML text; `source` is for the error. @throws RenderError for what is not YAML, also for a key that is there twice. */
export function parseManifests(text: string, source: string): Manifest[] {
  // `merge` reads `<<`, as kustomize does.
  const documents = parseAllDocuments(text, { merge: true });
  return documents.map((document) => {
    if (document.errors[0]) throw new RenderError(`${source}: ${document.errors[0].message}`);
    return document.toJS() as Manifest;
  });
}

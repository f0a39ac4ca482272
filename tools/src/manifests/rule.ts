import type { Manifests } from './manifests.js';

/** Yields one sentence for each thing that is wrong: which object, what, and what to write instead. */
export type Rule = (manifests: Manifests) => Iterable<string>;

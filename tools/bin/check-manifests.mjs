// Checks k8s/base, from source: no build is needed. A part of `npm run check`.
import { fileURLToPath } from 'node:url';

// swc-node looks for itself and for tsconfig.json in the working directory.
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
await import('@swc-node/register/esm-register');
const { checkManifests } = await import('../src/manifests/check-manifests.ts');
process.exitCode = await checkManifests('k8s/base');

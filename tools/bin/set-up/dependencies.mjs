import { readFileSync } from 'node:fs';
import { runQuietly, step } from './step.mjs';

/** Runs `npm ci` unless node_modules already holds what package-lock.json says. */
export async function installDependencies(root) {
  if (areInstalled(root)) return;
  const flags = ['--include=dev', '--no-audit', '--no-fund'];
  await step('Installing dependencies (npm ci)', () => runQuietly('npm', ['ci', ...flags], { cwd: root }));
}

/** npm writes node_modules/.package-lock.json last, at `npm ci` and at `npm install`: it tells what is really there. */
function areInstalled(root) {
  const wanted = packagesOf(new URL('package-lock.json', root));
  const installed = packagesOf(new URL('node_modules/.package-lock.json', root));
  return Object.entries(wanted).every(([path, entry]) => {
    // Optional ones may be for another platform; a workspace itself is not below node_modules.
    if (entry.optional || !path.includes('node_modules/')) return true;
    const found = installed[path];
    return found?.version === entry.version && found?.integrity === entry.integrity;
  });
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

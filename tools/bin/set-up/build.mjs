import { fileURLToPath } from 'node:url';
import { runQuietly, step } from './step.mjs';

/** Builds the projects and what they depend on. Nx skips what has not changed. */
export async function build(root, projects) {
  const nx = fileURLToPath(new URL('node_modules/.bin/nx', root));
  const args = ['run-many', '-t', 'build', '-p', projects.join(','), '--outputStyle=static'];
  await step('Building', () => runQuietly(nx, args, { cwd: root }));
}

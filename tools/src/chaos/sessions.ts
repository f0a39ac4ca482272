import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { workspaceRoot } from '../workspace.js';

const people = 1_000;

/** Runs the library's own scenarios of lost and unreachable sessions with 1,000 people. Resolves to the exit code. */
export async function sessions(): Promise<number> {
  const args = [
    'node_modules/.bin/jest',
    ...['-c', 'libs/session/jest.config.js', '--rootDir', 'libs/session', '--verbose'],
    ...['--globals', JSON.stringify({ people }), 'src/continuity/nobody-is-signed-out.spec.ts'],
  ];
  const env = { ...process.env, NODE_OPTIONS: '--experimental-vm-modules' };
  const child = spawn(process.execPath, args, { cwd: workspaceRoot, env, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

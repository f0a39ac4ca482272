import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a built script of an app on the terminal. Resolves to its exit code. */
export async function runScript(
  [script, ...args]: readonly [string, ...string[]],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<number> {
  const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

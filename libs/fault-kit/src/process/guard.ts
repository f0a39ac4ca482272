import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Kills a child with its own children should this process end before it, by SIGKILL too. The child leads a process group
 * (`detached`). Resolves when it is gone.
 */
export async function endWithThisProcess(child: ChildProcess): Promise<void> {
  // A shell that waits for the other end of its stdin, this process, to go away. An `exit` listener would miss SIGKILL, and
  // under Jest `process` is a copy whose `exit` never fires.
  const script = 'trap "" INT TERM HUP; read -r _; kill -s KILL -- "-$1"';
  const watcher = spawn('/bin/sh', ['-c', script, 'fault-kit-guard', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  await new Promise((resolve) => child.once('exit', resolve));
  watcher.ref();
  watcher.kill('SIGKILL');
  await once(watcher, 'close');
}

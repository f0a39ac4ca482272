import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Ends a child, and what it started itself, when this process goes away in whatever way: a shell waits for the other
 * end of its stdin. (An `exit` listener would miss SIGKILL.) The child must lead a process group.
 */
export function endWithThisProcess(child: ChildProcess): void {
  const script = 'trap "" INT TERM HUP; read -r _; kill -s KILL -- "-$1"';
  const watcher = spawn('/bin/sh', ['-c', script, 'trivet-guard', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  (watcher.stdin as unknown as { unref(): void }).unref();
  child.once('exit', () => watcher.kill('SIGKILL'));
}

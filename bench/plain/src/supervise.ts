import { fork } from 'node:child_process';
import { roles, type Role } from './roles.js';

const RESTART_DELAY_MS = 1_000;

/** Runs one process per role. As any process manager would, it starts one again that ended by itself. */
export function supervise(): void {
  let isEnding = false;
  const start = (role: Role): void => {
    if (isEnding) return;
    const child = fork(new URL('main.js', import.meta.url), [role]);
    const end = (): unknown => child.kill('SIGTERM');
    process.on('SIGTERM', end);
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', end);
      if (isEnding) return;
      console.error(`${role} ended (${signal ?? code}); starting it again`);
      setTimeout(start, RESTART_DELAY_MS, role).unref();
    });
  };
  const end = (): void => void (isEnding = true);
  process.on('SIGTERM', end).on('SIGINT', end);
  roles.forEach(start);
}

import { Logger, type INestApplicationContext } from '@nestjs/common';
import { Readiness } from './readiness.js';

/** How long an orderly end may take, milliseconds; the promise to Kubernetes is ten seconds. */
const closeDeadlineMs = 9000;

/**
 * Until {@link closeOnSignal} takes over, a signal ends the process at once: there is nothing to finish yet, and as the
 * first process of a container Node would ignore it.
 */
export function exitOnSignal(): void {
  process.on('SIGTERM', exit).on('SIGINT', exit);
}

/**
 * Ends the process on SIGTERM and SIGINT: not ready any more, requests under way are finished, work is handed back.
 * What will not end, a client of a hung server say, is cut off in time.
 */
export function closeOnSignal(app: INestApplicationContext): void {
  const logger = new Logger('Shutdown');
  const close = (signal: NodeJS.Signals): void => {
    // One end is enough: Ctrl-C in a terminal reaches a process whose parent also sends SIGTERM.
    process
      .removeListener('SIGTERM', close)
      .removeListener('SIGINT', close)
      .on('SIGTERM', ignore)
      .on('SIGINT', ignore);
    logger.log('Shutting down', { event: 'shutdown_started', signal });
    app.get(Readiness, { strict: false }).drain();
    const cut = setTimeout(() => {
      logger.warn('Cut what would not end', { event: 'shutdown_cut', afterMs: closeDeadlineMs });
      process.exit(0);
    }, closeDeadlineMs);
    app.close().then(
      () => {
        clearTimeout(cut);
        process.exit(0);
      },
      (error: unknown) => {
        logger.error('Shutting down failed', { event: 'shutdown_failed', error: String(error) });
        process.exit(1);
      },
    );
  };
  process.removeListener('SIGTERM', exit).removeListener('SIGINT', exit);
  process.once('SIGTERM', close).once('SIGINT', close);
}

const ignore = (): void => undefined;
const exit = (): never => process.exit(0);

import { listPorts } from '../platform/ports.js';
import { type Run } from './run-file.js';

/** A second platform in one checkout would write to the same data. */
export class AlreadyRunningError extends Error {
  readonly code = 'ALREADY_RUNNING';
  override readonly name = 'AlreadyRunningError';

  constructor({ pid, ports }: Run) {
    super(
      `The platform of this checkout runs already (process ${pid}), on ports ${listPorts(ports)}: ` +
        'use it, or end it with Ctrl-C in its terminal; nothing was started.',
    );
  }
}

import { once } from '../undo.js';
import type { Fault } from './fault.js';

/** Faults of the process as a whole. */
export const refused: Fault = {
  name: 'refused',
  summary: 'The server is dead (kill -9): ECONNREFUSED. Undo starts it with what was persisted.',
  topology: 'standalone',
  apply: async ({ server, proxy }) => {
    const undoRefuse = proxy.refuse();
    await server.kill();
    return once(async () => {
      await server.start();
      await server.ready();
      await undoRefuse();
    });
  },
};

export const hung: Fault = {
  name: 'hung',
  summary: 'The server is stopped (SIGSTOP): the kernel accepts connections and bytes, nobody answers.',
  topology: 'standalone',
  apply: async ({ server }) => {
    server.hang();
    return once(async () => {
      server.resume();
      await server.ready();
    });
  },
};

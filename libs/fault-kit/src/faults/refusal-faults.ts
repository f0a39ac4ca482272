import { randomUUID } from 'node:crypto';
import type { Connection } from '../resp/connection.js';
import { once } from '../undo.js';
import { configure, dropClients } from './control.js';
import type { Fault } from './fault.js';

/** Faults of a server that answers, but with a refusal. */
export const readOnly: Fault = {
  name: 'readOnly',
  summary: 'The server was demoted to a replica of a dead master: reads work, writes get READONLY.',
  topology: 'standalone',
  apply: async ({ server }) => {
    // Nobody ever listens on port 1.
    await server.command('REPLICAOF', '127.0.0.1', 1);
    return once(() => server.command('REPLICAOF', 'NO', 'ONE'));
  },
};

export const outOfMemory: Fault = {
  name: 'outOfMemory',
  summary: 'Memory is full and nothing may be evicted: reads work, writes get OOM.',
  topology: 'standalone',
  apply: ({ server }) => configure(server, { 'maxmemory-policy': 'noeviction', maxmemory: 1 }),
};

export const noReplicas: Fault = {
  name: 'noReplicas',
  summary: 'Fewer replicas than min-replicas-to-write: reads work, writes get NOREPLICAS.',
  topology: 'standalone',
  apply: ({ server }) => configure(server, { 'min-replicas-to-write': 99 }),
};

export const noAuth: Fault = {
  name: 'noAuth',
  summary: 'The password was changed and the clients disconnected: NOAUTH, or WRONGPASS with the old one.',
  topology: 'standalone',
  apply: async ({ server }) => {
    const before = server.password ?? '';
    await server.setPassword(randomUUID());
    await dropClients(server);
    return once(() => server.setPassword(before));
  },
};

export const maxClients: Fault = {
  name: 'maxClients',
  summary: 'Every place is taken: `max number of clients reached`, and the connection ends.',
  topology: 'standalone',
  apply: async ({ server }) => {
    // The kit's own connection takes the only place, and is the only way back.
    const control = await server.connect();
    const before = await takeAllPlaces(control);
    return once(async () => {
      await control.call('CONFIG', 'SET', 'maxclients', before);
      control.close();
    });
  },
};

async function takeAllPlaces(control: Connection): Promise<string> {
  const [, before] = (await control.call('CONFIG', 'GET', 'maxclients')) as [string, string];
  await control.call('CONFIG', 'SET', 'maxclients', 1);
  await dropClients({ command: (...args) => control.call(...args) });
  return before;
}

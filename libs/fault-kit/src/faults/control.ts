import type { RedisServer } from '../process/redis-server.js';
import { once, type Undo } from '../undo.js';

/** CONFIG SET; its undo sets what was there before. */
export async function configure(
  server: RedisServer,
  settings: Record<string, string | number>,
): Promise<Undo> {
  const before = (await server.command('CONFIG', 'GET', ...Object.keys(settings))) as string[];
  await server.command('CONFIG', 'SET', ...Object.entries(settings).flat());
  return once(() => server.command('CONFIG', 'SET', ...before));
}

/** Ends the clients' connections, so that a change that only concerns new ones reaches everybody. */
export async function dropClients(server: Pick<RedisServer, 'command'>): Promise<void> {
  await server.command('CLIENT', 'KILL', 'TYPE', 'normal');
  await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
}

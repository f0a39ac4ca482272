import { startWithDump } from '../process/dump.js';
import { once } from '../undo.js';
import type { Fault } from './fault.js';

const BACKUP = 'fault-kit:right:';

const SPOIL = `
  for _, key in ipairs(redis.call('KEYS', '*')) do
    local isString = redis.call('TYPE', key).ok == 'string'
    redis.call('RENAME', key, ARGV[1] .. key)
    if isString then redis.call('RPUSH', key, 'wrong type') else redis.call('SET', key, 'wrong type') end
  end`;

// A key that somebody has deleted or written anew since keeps what it has now.
const MEND = `
  for _, backup in ipairs(redis.call('KEYS', ARGV[1] .. '*')) do
    local key = string.sub(backup, #ARGV[1] + 1)
    local wrong = redis.call('TYPE', backup).ok == 'string' and 'list' or 'string'
    if redis.call('TYPE', key).ok == wrong then redis.call('RENAME', backup, key) else redis.call('UNLINK', backup) end
  end`;

/** Faults of what is stored. What is lost stays lost, so two of them have nothing to undo. */
export const wrongType: Fault = {
  name: 'wrongType',
  summary: 'Every key there is holds another type: WRONGTYPE. Undo puts back those nobody has replaced.',
  topology: 'standalone',
  apply: async ({ server }) => {
    await server.command('EVAL', SPOIL, 0, BACKUP);
    return once(() => server.command('EVAL', MEND, 0, BACKUP));
  },
};

export const flushAll: Fault = {
  name: 'flushAll',
  summary: 'Somebody ran FLUSHALL. Undo brings nothing back.',
  topology: 'standalone',
  apply: async ({ server }) => {
    await server.command('FLUSHALL');
    return once(async () => undefined);
  },
};

export const oldDump: Fault = {
  name: 'oldDump',
  summary:
    'The server was restarted with the data of the last `target.snapshot()`. Undo brings nothing back.',
  topology: 'standalone',
  apply: async ({ server, oldDump: dump }) => {
    const loaded = await startWithDump(server, dump);
    await loaded();
    return once(async () => undefined);
  },
};

import { startWithDump, takeDump } from '../process/dump.js';
import { once } from '../undo.js';
import { configure } from './control.js';
import type { Fault } from './fault.js';

// 12,000 keys of 1 KB, 5 ms each, make a load of a minute; Redis answers LOADING once per KB.
const FILL = `
  redis.call('SELECT', 15)
  for index = 1, 12000 do redis.call('SET', 'fault-kit:filler:' .. index, string.rep('x', 1024)) end`;
const DRAIN = `
  redis.call('SELECT', 15)
  for index = 1, 12000 do redis.call('UNLINK', 'fault-kit:filler:' .. index) end`;
const SLOWLY = [
  '--key-load-delay',
  '5000',
  '--loading-process-events-interval-bytes',
  '1024',
  '--maxmemory',
  '0',
];

/** Restarts with a dataset that takes a minute to load, the server's own data in it. */
export const loading: Fault = {
  name: 'loading',
  summary: 'The server was restarted and loads its data, for up to a minute: LOADING to everything.',
  topology: 'standalone',
  apply: async ({ server }) => {
    // The filler must neither evict the data nor be refused, nor shrink.
    const undoSettings = await configure(server, { maxmemory: 0, rdbcompression: 'no' });
    await server.command('EVAL', FILL, 0);
    const loaded = await startWithDump(server, await takeDump(server), SLOWLY);
    return once(async () => {
      await server.command('CONFIG', 'SET', 'key-load-delay', 0);
      await loaded();
      await server.command('EVAL', DRAIN, 0);
      await undoSettings();
    });
  },
};

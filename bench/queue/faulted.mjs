// One process that adds and runs jobs while something is done to its Redis. Tells its parent how its boot, its adds and its event loop
// fared: `node faulted.mjs <stores as JSON>`, then a message with the number of seconds to add for.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { job, openApp, payload } from './ours.mjs';

const perSecond = 100;
const resolution = 5;

let unhandled = 0;
process.on('unhandledRejection', () => (unhandled += 1));

const bootAt = performance.now();
const app = await openApp(JSON.parse(process.argv[2]), { worker: true, addDeadlineMs: 100 });
process.once('SIGTERM', () => app.close().then(() => process.exit(0)));

process.on('message', async (seconds) => {
  const loop = monitorEventLoopDelay({ resolution });
  loop.enable();
  const times = [];
  const lanes = {};
  const add = async () => {
    const startedAt = performance.now();
    const lane = await app.queue.add(job, payload).then(
      ({ placed }) => placed,
      () => 'refused',
    );
    times.push(performance.now() - startedAt);
    lanes[lane] = (lanes[lane] ?? 0) + 1;
  };
  const adds = [];
  for (let i = 0; i < seconds * perSecond; i += 1) {
    adds.push(add());
    await sleep(1000 / perSecond);
  }
  await Promise.all(adds);
  loop.disable();
  process.send({ longest: Math.max(...times), lag: loop.max / 1e6 - resolution, lanes, unhandled });
});
process.send({ boot: performance.now() - bootAt });

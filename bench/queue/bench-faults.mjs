// What each fault of Redis does to a process with stock options that adds a hundred jobs a second and runs them: the longest add, the
// event loop's lag, unhandled rejections, what it adds to the boot, and how long the process takes to end. PostgreSQL is well.
//
//   node bench/queue/bench-faults.mjs            after npm run build; prints the table
import { faults, FaultTarget } from '@trivet/fault-kit';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from './ours.mjs';
import { startPostgres } from './stores.mjs';

const seconds = 3;
const names = [
  'refused',
  'hung',
  'blackHole',
  'slow',
  'halfOpen',
  'reset',
  'garbage',
  'readOnly',
  'outOfMemory',
  'noReplicas',
  'loading',
  'noAuth',
];

async function start(postgres, target) {
  const stores = { redis: { url: target.url }, postgres: { url: postgres.url } };
  const child = fork(new URL('./faulted.mjs', import.meta.url), [JSON.stringify(stores)]);
  const [{ boot }] = await once(child, 'message');
  return {
    boot,
    async add() {
      child.send(seconds);
      const [told] = await once(child, 'message');
      return told;
    },
    async end() {
      const startedAt = performance.now();
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await Promise.race([gone, sleep(15_000, undefined, { ref: false })]);
      const time = performance.now() - startedAt;
      child.kill('SIGKILL');
      return time;
    },
  };
}

/** @param when `apply`s the fault at its time; `undefined` for none */
async function measure(postgres, fault, when) {
  const target = await FaultTarget.start();
  try {
    if (when === 'boot') await fault.apply(target);
    const process = await start(postgres, target);
    if (when !== 'boot') await process.add(); // Warm.
    if (when === 'mid-run') await fault.apply(target);
    const told = await process.add();
    return { boot: process.boot, ...told, exit: await process.end() };
  } finally {
    await target.stop();
  }
}

const postgres = await startPostgres();
try {
  await migrate(postgres.url);
  const healthy = await measure(postgres, undefined, 'never');
  const print = (name, { longest, lag, unhandled, boot, exit, lanes }) =>
    console.log(
      `| ${[
        name,
        ...[longest, lag].map((ms) => ms.toFixed(0)),
        unhandled,
        (boot - healthy.boot).toFixed(0),
        exit.toFixed(0),
        Object.entries(lanes)
          .map(([lane, jobs]) => `${jobs} ${lane}`)
          .join(', '),
      ].join(' | ')} |`,
    );
  console.log('| Redis | longest add | lag | unhandled | added to the boot | exit | adds |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  print('well', healthy);
  for (const name of names) {
    for (const when of ['mid-run', 'boot'])
      print(`${name}, ${when}`, await measure(postgres, faults[name], when));
    await sleep(100);
  }
} finally {
  await postgres.stop();
}

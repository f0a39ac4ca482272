import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask } from '../resp/connection.js';
import { FaultTarget } from './fault-target.js';
import { flipRandomly, type Flip } from './flip-randomly.js';

const run = promisify(execFile);

// A process of its own, because Jest has sockets and timers too. It reports what there was.
const SCRIPT = `
  import { FaultTarget, flipRandomly } from './src/index.js';
  const before = process.getActiveResourcesInfo();
  const topologies = ['standalone', 'standalone', 'tls'];
  const targets = await Promise.all(topologies.map((topology) => FaultTarget.start(topology, { appendOnly: true })));
  const faults = new Set();
  const pids = new Set();
  await flipRandomly(targets, {
    flips: 50,
    seed: 3,
    onFlip: ({ fault }) => {
      faults.add(fault);
      for (const { server } of targets) pids.add(server.pid);
    },
  });
  const ports = targets.flatMap(({ server, proxy }) => [server.port, proxy.port]);
  const dirs = targets.map(({ server }) => server.dir);
  await Promise.all(targets.map((target) => target.stop()));
  await new Promise(setImmediate);
  const after = process.getActiveResourcesInfo();
  console.log(JSON.stringify({ faults: faults.size, pids: [...pids].filter(Boolean), ports, dirs, before, after }));
`;

interface Report {
  readonly faults: number;
  readonly pids: number[];
  readonly ports: number[];
  readonly dirs: string[];
  readonly before: string[];
  readonly after: string[];
}

it('leaves no process, port, socket, timer or directory behind after 50 flips', async () => {
  const flags = ['--import', '@swc-node/register/esm-register', '--input-type=module', '-e', SCRIPT];
  const { stdout } = await run(process.execPath, flags, { cwd: join(import.meta.dirname, '../..') });
  const { faults, pids, ports, dirs, before, after } = JSON.parse(stdout) as Report;
  expect(faults).toBeGreaterThan(10);
  expect(pids.length).toBeGreaterThan(3);
  expect(after).toEqual(before);
  const { stdout: processes } = await run('ps', ['-A', '-o', 'pid=,args=']);
  const left = pids.filter((pid) => new RegExp(`^ *${pid} |fault-kit-guard ${pid}$`, 'm').test(processes));
  expect(left).toEqual([]);
  for (const port of ports)
    await expect(ask({ host: '127.0.0.1', port }, ['PING'])).rejects.toThrow('ECONNREFUSED');
  expect(dirs.filter((dir) => existsSync(dir))).toEqual([]);
}, 60_000);

it('leaves the service as it was', async () => {
  const target = await FaultTarget.start();
  await flipRandomly([target], { flips: 15, seed: 4 });
  expect(await ask(target.proxy, ['SET', 'key', 'value'])).toBe('OK');
  expect(await ask(target.proxy, ['GET', 'key'])).toBe('value');
  await target.stop();
}, 30_000);

it('makes the same choices from the same seed', async () => {
  const target = await FaultTarget.start();
  const flipsFrom = async (seed: number) => {
    const flips: Flip[] = [];
    await flipRandomly([target], { flips: 6, seed, onFlip: (flip) => flips.push(flip) });
    return flips;
  };
  const first = await flipsFrom(1);
  expect(await flipsFrom(1)).toEqual(first);
  expect(await flipsFrom(2)).not.toEqual(first);
  await target.stop();
}, 30_000);

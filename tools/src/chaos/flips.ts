import { existsSync } from 'node:fs';
import { FaultTarget, flipRandomly } from '@trivet/fault-kit';
import { connect } from 'node:net';
import { once } from 'node:events';
import { Progress } from './report/progress.js';

const FLIPS = 1_000;

/** Flips random faults on and off and looks for what they left behind. Resolves to the exit code. */
export async function flips(seed = Date.now() % 100_000): Promise<number> {
  const progress = new Progress(FLIPS);
  progress.show(0, `seed ${seed}`);
  const resourcesBefore = process.getActiveResourcesInfo().sort();
  const topologies = ['standalone', 'standalone', 'tls'] as const;
  const targets = await Promise.all(
    topologies.map((topology) => FaultTarget.start(topology, { appendOnly: true })),
  );
  const pids = new Set<number>();
  let done = 0;
  const onFlip = ({ fault, isOn }: { fault: string; isOn: boolean }): void => {
    for (const { server } of targets) if (server.pid !== undefined) pids.add(server.pid);
    if (++done % 50 === 0) progress.show(done, `${fault} ${isOn ? 'on' : 'off'}`);
  };
  const ports = targets.flatMap(({ server, proxy }) => [server.port, proxy.port]);
  const folders = targets.map(({ server }) => server.dir);
  try {
    await flipRandomly(targets, { flips: FLIPS, seed, onFlip });
  } finally {
    await Promise.all(targets.map((target) => target.stop()));
  }
  progress.end();
  await new Promise(setImmediate);
  const resources = process.getActiveResourcesInfo().sort();
  const left = [
    ...[...pids].filter(isAlive).map((pid) => `process ${pid}`),
    ...(await usedOf(ports)).map((port) => `port ${port}`),
    ...folders.filter((folder) => existsSync(folder)).map((folder) => `folder ${folder}`),
    ...(resources.length > resourcesBefore.length ? [`of this process: ${resources.join(', ')}`] : []),
  ];
  const outcome = left.length === 0 ? 'nothing is left behind' : `left behind: ${left.join('; ')}`;
  process.stdout.write(`${FLIPS} flips, seed ${seed}, ${pids.size} servers: ${outcome}.\n`);
  return left.length === 0 ? 0 : 1;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function usedOf(ports: readonly number[]): Promise<number[]> {
  const used: number[] = [];
  for (const port of ports) {
    const socket = connect(port, '127.0.0.1');
    await Promise.race([once(socket, 'connect').then(() => used.push(port)), once(socket, 'close')]).catch(
      () => undefined,
    );
    socket.destroy();
  }
  return used;
}

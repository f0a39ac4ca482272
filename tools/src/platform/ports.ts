import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '@trivet/fault-kit';
import { mapNames } from '../workspace.js';

/** Where `npm start` listens, unless told otherwise. */
export const defaultPorts = {
  dashboard: 3001,
  learn: 3002,
  mail: 3003,
  smtp: 3025,
  dashboardManagement: 3101,
  learnManagement: 3102,
  workerManagement: 3103,
  sessionRedis: 6401,
  cacheRedis: 6402,
  queueRedis: 6403,
  postgres: 5440,
} as const;

export type PortName = keyof typeof defaultPorts;
/** One TCP port on 127.0.0.1 for each listener; 0 stands for any free one. */
export type Ports = Readonly<Record<PortName, number>>;

export const portNames: readonly PortName[] = Object.keys(defaultPorts) as PortName[];

/** The variable that changes a port: `PORT_DASHBOARD_MANAGEMENT`. */
export const portVariable = (name: PortName): string =>
  `PORT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** Ports as a person reads them: `3001 (dashboard), 6401 (session Redis)`. */
export const listPorts = (ports: Ports, names = portNames): string =>
  names.map((name) => `${ports[name]} (${titleOf(name)})`).join(', ');

const titles: Partial<Record<PortName, string>> = { postgres: 'PostgreSQL', mail: 'mail page', smtp: 'SMTP' };
const titleOf = (name: PortName): string =>
  titles[name] ?? name.replace('Redis', ' Redis').replace('Management', ' management');

/** Some ports that the platform needs are taken; the message names each, and what to do. */
export class PortsInUseError extends Error {
  readonly code = 'PORTS_IN_USE';
  override readonly name = 'PortsInUseError';

  constructor(ports: Ports, names: readonly PortName[]) {
    const [first = 'dashboard', ...more] = names;
    const [noun, verb] = more.length > 0 ? ['Ports', 'are'] : ['Port', 'is'];
    super(
      `${noun} ${listPorts(ports, names)} ${verb} in use, so nothing was started: end what listens there, ` +
        `or choose others, for example \`${portVariable(first)}=0 npm start\` for any free one.`,
    );
  }
}

/** @throws PortsInUseError unless all of them can be listened on, each once. */
export async function refuseUsedPorts(ports: Ports, names = portNames): Promise<void> {
  const probes = await Promise.all(names.map((name) => probe(ports[name])));
  // All stay open until here: two listeners set to one port show as well.
  await Promise.all(probes.map(async (server) => server && once(server.close(), 'close')));
  const used = names.filter((_name, index) => probes[index] === undefined);
  if (used.length > 0) throw new PortsInUseError(ports, used);
}

/** A server that holds the port, or undefined when somebody else does. */
async function probe(port: number) {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return server;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') return undefined;
    throw error;
  }
}

/** Puts a free port in the place of each 0. */
export async function choosePorts(ports: Ports): Promise<Ports> {
  const taken = new Set(Object.values(ports));
  const chosen: Record<PortName, number> = { ...ports };
  for (const name of portNames.filter((name) => ports[name] === 0)) {
    let port = await freePort();
    while (taken.has(port)) port = await freePort();
    taken.add(port);
    chosen[name] = port;
  }
  return chosen;
}

/** What `ports` of the options stands for. */
export function portsOf(option: 'fixed' | 'free' | Ports): Ports {
  if (option === 'fixed') return defaultPorts;
  return option === 'free' ? mapNames(portNames, () => 0) : option;
}

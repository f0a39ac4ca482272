import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { choosePorts, defaultPorts, portNames, portsOf, portVariable, refuseUsedPorts } from './ports.js';

const servers: Server[] = [];

afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function usedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

it('accepts free ports', async () => {
  await expect(refuseUsedPorts(await choosePorts(portsOf('free')))).resolves.toBeUndefined();
});

it('names every used port in one sentence, and what to do', async () => {
  const [learn, queueRedis] = [await usedPort(), await usedPort()];
  const ports = { ...(await choosePorts(portsOf('free'))), learn, queueRedis };
  await expect(refuseUsedPorts(ports)).rejects.toMatchObject({
    code: 'PORTS_IN_USE',
    message:
      `Ports ${learn} (learn), ${queueRedis} (queue Redis) are in use, so nothing was started: end what listens ` +
      'there, or choose others, for example `PORT_LEARN=0 npm start` for any free one.',
  });
});

it('does not look at a port that is not wanted', async () => {
  const ports = { ...(await choosePorts(portsOf('free'))), postgres: await usedPort() };
  await expect(refuseUsedPorts(ports)).rejects.toThrow('(PostgreSQL) is in use');
  const others = portNames.filter((name) => name !== 'postgres');
  await expect(refuseUsedPorts(ports, others)).resolves.toBeUndefined();
});

it('refuses one port for two listeners', async () => {
  const ports = await choosePorts(portsOf('free'));
  await expect(refuseUsedPorts({ ...ports, learn: ports.dashboard })).rejects.toThrow('in use');
});

it('puts different free ports in the place of zeros only', async () => {
  const ports = await choosePorts({ ...portsOf('free'), dashboard: 3001 });
  expect(ports.dashboard).toBe(3001);
  expect(new Set(Object.values(ports)).size).toBe(portNames.length);
  expect(Object.values(ports)).not.toContain(0);
});

it('knows the ports of npm start and their variables', () => {
  expect(portsOf('fixed')).toBe(defaultPorts);
  expect(portNames.map(portVariable)).toEqual([
    'PORT_DASHBOARD',
    'PORT_LEARN',
    'PORT_MAIL',
    'PORT_SMTP',
    'PORT_DASHBOARD_MANAGEMENT',
    'PORT_LEARN_MANAGEMENT',
    'PORT_WORKER_MANAGEMENT',
    'PORT_SESSION_REDIS',
    'PORT_CACHE_REDIS',
    'PORT_QUEUE_REDIS',
    'PORT_POSTGRES',
  ]);
});

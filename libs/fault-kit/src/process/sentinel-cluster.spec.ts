import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { RedisServer } from './redis-server.js';
import { SentinelCluster } from './sentinel-cluster.js';

let cluster: SentinelCluster;

beforeAll(async () => {
  cluster = await SentinelCluster.start({ server: { appendOnly: true } });
}, 20_000);

afterAll(() => cluster.stop());

const replicasOf = (master: RedisServer) => cluster.servers.filter((server) => server !== master);

it('starts a master with two replicas in sync and three Sentinels that know it', async () => {
  const master = await cluster.master();
  expect(master).toBe(cluster.servers[0]);
  expect(await master.command('WAIT', 2, 1_000)).toBe(2);
  expect(cluster.url).toMatch(
    /^redis-sentinel:\/\/127\.0\.0\.1:\d+,127\.0\.0\.1:\d+,127\.0\.0\.1:\d+\/0#mymaster$/,
  );
});

it('fails over to a replica that has the data, and takes the old master back as a replica', async () => {
  const old = await cluster.master();
  await old.command('SET', 'kept', 'yes');
  await old.replicatedTo(...replicasOf(old));
  const undo = await cluster.failover();
  const promoted = await cluster.master();
  expect(promoted).not.toBe(old);
  expect(old.isUp).toBe(false);
  expect(await promoted.command('GET', 'kept')).toBe('yes');
  await undo();
  expect(await promoted.command('WAIT', 2, 1_000)).toBe(2);
  await expect(old.command('SET', 'kept', 'no')).rejects.toMatchObject({ code: 'READONLY' });
}, 20_000);

it('loses the writes that were acknowledged last', async () => {
  const old = await cluster.master();
  await old.command('SET', 'written', 'before');
  await old.replicatedTo(...replicasOf(old));
  const failover = cluster.failoverLosingLastWrites({ lossMs: 300 });
  while ((await old.command('INFO', 'replication').then(String)).includes('connected_slaves:2'));
  expect(await old.command('SET', 'written', 'meanwhile')).toBe('OK');
  const undo = await failover;
  expect(await (await cluster.master()).command('GET', 'written')).toBe('before');
  await undo();
  expect(await old.command('GET', 'written')).toBe('before');
}, 20_000);

it('lets replicas catch up when a cut of the replication is undone', async () => {
  const master = await cluster.master();
  const undo = await cluster.cutReplication();
  await master.command('SET', 'late', 'yes');
  expect(await master.command('WAIT', 1, 50)).toBe(0);
  await undo();
  expect(await master.command('WAIT', 2, 5_000)).toBe(2);
}, 10_000);

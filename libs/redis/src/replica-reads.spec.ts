import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisServer, SentinelCluster } from '@trivet/fault-kit';
import { openReplicaReads, type ReplicaReads } from './replica-reads.js';

/** Milliseconds: tells an answer from a hang. */
const notAtAHang = 1500;
const open = (url: string, replicaUrls?: readonly string[]) =>
  openReplicaReads({
    ...{ group: 'spec', url, healthIntervalMs: 100, bootWaitMs: 2000 },
    ...(replicaUrls ? { replicaUrls } : {}),
  });

describe('with a list of replicas', () => {
  let master: RedisServer;
  let replicas: RedisServer[];
  let reads: ReplicaReads;
  const get = () => reads.attempt('spec.read', (redis) => redis.get('k'), notAtAHang);

  beforeEach(async () => {
    master = await RedisServer.start();
    replicas = [
      await RedisServer.start({ replicaOf: master }),
      await RedisServer.start({ replicaOf: master }),
    ];
    await master.command('SET', 'k', 'v');
    await master.replicatedTo(...replicas);
    reads = await open(
      master.url,
      replicas.map(({ url }) => url),
    );
  });

  afterEach(async () => {
    reads.close();
    await Promise.all([master, ...replicas].map((server) => server.stop()));
  });

  it('reads what the master wrote after the master was killed', async () => {
    await master.kill();
    expect(await get()).toBe('v');
  });

  it('goes on to the next replica when one is gone', async () => {
    await replicas[0]!.kill();
    expect(await get()).toBe('v');
  });

  it('waits no longer than the deadline for a replica that hangs', async () => {
    for (const replica of replicas) replica.hang();
    const startedAt = performance.now();
    await expect(reads.attempt('spec.read', (redis) => redis.get('k'), 40)).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      group: 'spec-replica',
    });
    expect(performance.now() - startedAt).toBeLessThan(notAtAHang);
    for (const replica of replicas) replica.resume();
  });

  it('writes nothing, not even to find out whether a replica is well', async () => {
    expect(await replicas[0]!.command('DBSIZE')).toBe(1);
    await expect(reads.attempt('spec.write', (redis) => redis.set('k', 'w'))).rejects.toMatchObject({
      reason: 'readonly',
    });
  });
});

it('fails at once for a group without replicas', async () => {
  const server = await RedisServer.start();
  const reads = await open(server.url);
  await expect(reads.attempt('spec.read', (redis) => redis.get('k'))).rejects.toMatchObject({
    reason: 'not-connected',
  });
  reads.close();
  await server.stop();
});

it('finds the replicas that the Sentinels name', async () => {
  const cluster = await SentinelCluster.start({ replicas: 1 });
  const [master, replica] = cluster.servers;
  await master!.command('SET', 'k', 'v');
  await master!.replicatedTo(replica!);
  const reads = await open(cluster.url);
  cluster.servers[0]!.hang();
  expect(await reads.attempt('spec.read', (redis) => redis.get('k'), notAtAHang)).toBe('v');
  cluster.servers[0]!.resume();
  reads.close();
  await cluster.stop();
});

import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheLoadChannel, cacheLookupChannel } from '@trivet/cache';
import { DatabaseModule } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { freePort, RedisServer } from '@trivet/fault-kit';
import {
  deadLetterChannel,
  jobAddChannel,
  jobCountsChannel,
  jobRunChannel,
  jobsReaddedChannel,
  outboxChannel,
  relayChannel,
} from '@trivet/queue';
import { getRedisToken, RedisModule, redisCommandChannel, type GuardedRedis } from '@trivet/redis';
import { ObservabilityModule } from './observability.module.js';
import { Readiness } from './readiness.js';

describe('a process with two groups', () => {
  let postgres: EmbeddedPostgres;
  let redis: RedisServer;
  let app: NestExpressApplication;
  let readiness: Readiness;
  let management: string;

  const group = (name: string) => app.get<GuardedRedis>(getRedisToken(name));
  const ask = (path: string, method = 'GET') => fetch(`${management}${path}`, { method });
  const answerOf = async (path: string): Promise<[number, unknown]> => {
    const response = await ask(path);
    return [response.status, await response.json()];
  };

  /** Resolves when both groups take reads and writes as wanted. */
  async function both(reads: 'up' | 'down', writes: 'up' | 'down'): Promise<void> {
    for (const guarded of [group('session'), group('cache')])
      await guarded.reaches((state) => state.reads === reads && state.writes === writes);
  }

  beforeAll(async () => {
    postgres = await EmbeddedPostgres.start();
  }, 30_000);

  afterAll(() => postgres?.stop());

  beforeEach(async () => {
    redis = await RedisServer.start();
    const managementPort = await freePort();
    management = `http://127.0.0.1:${managementPort}`;
    const groups = ['session', 'cache'];
    const module = await Test.createTestingModule({
      imports: [
        DatabaseModule.forRoot({ url: postgres.url }),
        ...groups.map((name) => ({
          ...RedisModule.forRoot({ group: name, url: redis.url, healthIntervalMs: 100, bootWaitMs: 1000 }),
          global: true,
        })),
        ObservabilityModule.forRoot({ process: 'spec', groups, managementPort }),
      ],
    }).compile();
    app = module.createNestApplication<NestExpressApplication>({ logger: false });
    readiness = app.get(Readiness);
  });

  afterEach(async () => {
    await app.close();
    await redis.stop();
  });

  describe('that has not started yet', () => {
    it('is unavailable, and says that it is starting', async () => {
      expect(await readiness.check()).toEqual({ status: 'unavailable', reasons: ['process: starting'] });
    });
  });

  describe('that serves', () => {
    beforeEach(async () => {
      await app.listen(0, '127.0.0.1');
    });

    it('is well while everything is', async () => {
      expect(await answerOf('/health')).toEqual([200, { status: 'ok', reasons: [] }]);
      expect(await answerOf('/health/ready')).toEqual([200, { status: 'ok' }]);
      expect(await answerOf('/health/live')).toEqual([200, { status: 'ok' }]);
    });

    it('is degraded but ready while Redis is killed, gives reasons to operators only, and recovers', async () => {
      await redis.kill();
      await both('down', 'down');
      expect(await answerOf('/health')).toEqual([
        200,
        {
          status: 'degraded',
          reasons: [
            expect.stringMatching(/^session: reads and writes down \([a-z-]+\)$/),
            expect.stringMatching(/^cache: reads and writes down \([a-z-]+\)$/),
          ],
        },
      ]);
      expect(await answerOf('/health/ready')).toEqual([200, { status: 'degraded' }]);
      const response = await fetch(`${await app.getUrl()}/health/ready`);
      expect([response.status, await response.json()]).toEqual([200, { status: 'degraded' }]);
      await redis.start();
      await both('up', 'up');
      expect(await answerOf('/health')).toEqual([200, { status: 'ok', reasons: [] }]);
    });

    it('says that only writes are down while Redis is full', async () => {
      await redis.command('CONFIG', 'SET', 'maxmemory', '1');
      await both('up', 'down');
      expect(await readiness.check()).toEqual({
        status: 'degraded',
        reasons: ['session: writes down (oom)', 'cache: writes down (oom)'],
      });
    });

    it('is unavailable from the moment it drains', async () => {
      readiness.drain();
      expect(await answerOf('/health')).toEqual([
        503,
        { status: 'unavailable', reasons: ['process: stopping'] },
      ]);
    });

    it('shows reasons and metrics on the management port only', async () => {
      const url = await app.getUrl();
      expect((await fetch(`${url}/health`)).status).toBe(404);
      expect((await fetch(`${url}/metrics`)).status).toBe(404);
    });

    it.each([
      ['GET', '/', 404],
      ['GET', '/health/other', 404],
      ['GET', '/health?verbose', 200],
      ['HEAD', '/health', 200],
      ['POST', '/health', 405],
      ['DELETE', '/metrics', 405],
    ])('answers %s %s on the management port with %i', async (method, path, status) => {
      expect((await ask(path, method)).status).toBe(status);
    });

    it('says what the management port can be asked for instead', async () => {
      expect((await ask('/health', 'POST')).headers.get('allow')).toBe('GET, HEAD');
    });

    it('counts what the libraries publish', async () => {
      redisCommandChannel.publish({
        group: 'session',
        operation: 'session.read',
        kind: 'read',
        failure: 'deadline',
        durationMs: 100,
      });
      cacheLookupChannel.publish({ outcome: 'HIT', tier: 'memory' });
      cacheLoadChannel.publish({ outcome: 'kept', durationMs: 12 });
      jobAddChannel.publish({
        queue: 'academy',
        job: 'note',
        placed: 'inline',
        ambiguous: true,
        durationMs: 3,
        jobs: 1,
      });
      jobRunChannel.publish({ job: 'note', lane: 'inline', outcome: 'done', durationMs: 2 });
      jobRunChannel.publish({ job: 'note', lane: 'queue', outcome: 'duplicate', durationMs: 1 });
      outboxChannel.publish({ queue: 'academy', rows: 7, bytes: 70, oldestSeconds: 3 });
      relayChannel.publish({ queue: 'academy', rows: 50, durationMs: 4 });
      jobCountsChannel.publish({ queue: 'academy', counts: { waiting: 4 } });
      deadLetterChannel.publish({ queue: 'academy', job: 'note', reason: 'poison' });
      jobsReaddedChannel.publish({ jobs: 9 });
      const response = await ask('/metrics');
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      const metrics = (await response.text()).split('\n');
      const expected = [
        'trivet_redis_up{group="session",kind="read",process="spec"} 1',
        'trivet_redis_failures_total{group="session",operation="session.read",reason="deadline",process="spec"} 1',
        'trivet_redis_command_seconds_count{process="spec",group="session",operation="session.read"} 1',
        'trivet_cache_lookups_total{outcome="hit",tier="memory",process="spec"} 1',
        'trivet_cache_origin_seconds_sum{process="spec",outcome="kept"} 0.012',
        'trivet_queue_adds_total{queue="academy",job="note",placed="inline",process="spec"} 1',
        'trivet_queue_ambiguous_adds_total{job="note",process="spec"} 1',
        'trivet_queue_runs_total{job="note",lane="inline",outcome="done",process="spec"} 1',
        'trivet_queue_duplicates_total{job="note",lane="queue",process="spec"} 1',
        'trivet_queue_outbox_rows{queue="academy",process="spec"} 7',
        'trivet_queue_outbox_oldest_seconds{queue="academy",process="spec"} 3',
        'trivet_queue_relayed_total{queue="academy",process="spec"} 50',
        'trivet_queue_jobs{queue="academy",state="waiting",process="spec"} 4',
        'trivet_queue_dead_letters_total{queue="academy",job="note",reason="poison",process="spec"} 1',
        'trivet_queue_readded_total{process="spec"} 9',
      ];
      expect(expected.filter((line) => !metrics.includes(line))).toEqual([]);
    });

    it('shows an outage and its end in the metrics', async () => {
      const shown = async () =>
        (await (await ask('/metrics')).text()).match(
          /^trivet_redis_up\{group="session",kind="write".*$/m,
        )?.[0];
      await redis.kill();
      await both('down', 'down');
      expect(await shown()).toBe('trivet_redis_up{group="session",kind="write",process="spec"} 0');
      await redis.start();
      await both('up', 'up');
      expect(await shown()).toBe('trivet_redis_up{group="session",kind="write",process="spec"} 1');
    });

    it('listens to nothing any more once it is closed, and frees its port', async () => {
      await app.close();
      const channels = [redisCommandChannel, cacheLookupChannel, jobAddChannel, jobRunChannel];
      expect(channels.map(({ hasSubscribers }) => hasSubscribers)).toEqual([false, false, false, false]);
      await expect(ask('/health')).rejects.toThrow('fetch failed');
    });

    // The last one: the database stays away.
    it('is unavailable without its database, and alive all the same', async () => {
      await postgres.stop();
      expect(await answerOf('/health')).toEqual([
        503,
        { status: 'unavailable', reasons: ['database: no answer'] },
      ]);
      const url = await app.getUrl();
      const ready = await fetch(`${url}/health/ready`);
      expect([ready.status, await ready.json()]).toEqual([503, { status: 'unavailable' }]);
      expect((await fetch(`${url}/health/live`)).status).toBe(200);
      expect((await ask('/health/live')).status).toBe(200);
    });
  });
});

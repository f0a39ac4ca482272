import { expect, it } from '@jest/globals';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { freePort, RedisServer } from '@trivet/fault-kit';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** A process with every kind of connection there is, from source; it says `serving` once it is. */
const program = `
  import 'reflect-metadata';
  import { NestFactory } from '@nestjs/core';
  import { CacheModule } from '@trivet/cache';
  import { DatabaseModule } from '@trivet/database';
  import { closeOnSignal, ObservabilityModule } from '@trivet/observability';
  import { QueueWorkerModule } from '@trivet/queue';
  const [redis, database, port] = process.argv.slice(1);
  const job = { name: 'spec', queue: 'spec', payload: {}, onOutage: 'reject' };
  const app = await NestFactory.createApplicationContext({
    module: class {},
    imports: [
      DatabaseModule.forRoot({ url: database }),
      CacheModule.forRoot({ redis: { url: redis } }),
      QueueWorkerModule.forRoot({ redis: { url: redis }, jobs: [job], handlers: [] }),
      ObservabilityModule.forRoot({ process: 'spec', groups: ['cache', 'queue'], managementPort: Number(port) }),
    ],
  }, { logger: false });
  closeOnSignal(app);
  console.log('serving');
`;

async function start(redis: RedisServer, postgres: EmbeddedPostgres): Promise<ChildProcess> {
  const flags = ['--conditions=@trivet/source', '--import', '@swc-node/register/esm-register'];
  const args = [...flags, '--input-type=module', '--eval', program, redis.url, postgres.url];
  const child = spawn(process.execPath, [...args, String(await freePort())], {
    cwd: fileURLToPath(new URL('../../../apps/worker', import.meta.url)),
    env: { PATH: process.env.PATH, TS_NODE_PROJECT: `${workspace}/tsconfig.base.json` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}

it.each([
  ['hung', async (redis: RedisServer) => redis.hang()],
  ['killed', (redis: RedisServer) => redis.kill()],
])(
  'ends on SIGTERM within 10 s and with 0 while Redis is %s',
  async (_state, breakIt) => {
    const [redis, postgres] = await Promise.all([RedisServer.start(), EmbeddedPostgres.start()]);
    const child = await start(redis, postgres);
    try {
      await breakIt(redis);
      const startedAt = performance.now();
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    } finally {
      child.kill('SIGKILL');
      await Promise.all([redis.stop(), postgres.stop()]);
    }
  },
  120_000,
);

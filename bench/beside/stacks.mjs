// Both stacks as built processes, over one PostgreSQL and Redises of their own, each behind a proxy that can slow it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { FaultTarget, freePort } from '@trivet/fault-kit';
import { Platform } from '@trivet/tools';
import { send } from './browser.mjs';

const groups = ['session', 'cache', 'queue'];

async function startRedises() {
  const targets = {};
  for (const group of groups) targets[group] = await FaultTarget.start();
  return targets;
}

const urlsOf = (targets) => Object.fromEntries(groups.map((group) => [group, targets[group].url]));
const stopAll = (targets) => Promise.all(Object.values(targets).map((target) => target.stop()));

async function startTrivet() {
  const targets = await startRedises();
  const platform = await Platform.start({ redisUrls: urlsOf(targets) });
  const { dashboard, learn } = platform.ports;
  return {
    name: 'Trivet',
    doors: { dashboard, learn },
    targets,
    databaseUrl: platform.databaseUrl,
    stop: async () => {
      await platform.stop();
      await stopAll(targets);
    },
  };
}

async function startPlain(databaseUrl) {
  const targets = await startRedises();
  const doors = { dashboard: await freePort(), learn: await freePort() };
  const env = {
    ...process.env,
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT_DASHBOARD: String(doors.dashboard),
    PORT_LEARN: String(doors.learn),
    COOKIE_DOMAIN: 'trivet.localhost',
    COOKIE_SECRETS: 'a secret of a bench that is long enough',
    DATABASE_URL: databaseUrl,
    ...Object.fromEntries(groups.map((group) => [`REDIS_${group.toUpperCase()}_URL`, targets[group].url])),
  };
  const script = new URL('../plain/dist/main.js', import.meta.url);
  const child = fork(script, { env, silent: true });
  for (const app of ['dashboard', 'learn'])
    while ((await send({ doors, app, path: '/health/live' })).status !== 200) await sleep(50);
  return {
    name: 'plain',
    doors,
    targets,
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await stopAll(targets);
    },
  };
}

/** Starts both, runs `work` with `[trivet, plain]`, and ends both. */
export async function withBothStacks(work) {
  const started = [];
  try {
    started.unshift(await startTrivet());
    started.unshift(await startPlain(started[0].databaseUrl));
    await work(started.toReversed());
  } finally {
    for (const stack of started) await stack.stop();
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithThisProcess, freePort } from '@trivet/fault-kit';
import { AppStartError } from '../../platform/errors.js';
import { readSecrets } from '../../platform/secrets.js';
import { type Doors } from '../load/person.js';
import { send } from '../load/send.js';
import { LineCounter, type Subject } from './subject.js';
import { type Surroundings } from './surroundings.js';

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 12_000;
const POLL_MS = 50;

/** Any platform that a shell command starts, in its foreground. It takes its addresses from the environment. */
export async function startOtherPlatform(command: string, surroundings: Surroundings): Promise<Subject> {
  const doors: Doors = { dashboard: await freePort(), learn: await freePort() };
  const env = environmentOf(doors, surroundings);
  const lines = new LineCounter();
  let shell = await up(command, env, lines);
  if (!(await isReady(doors, shell))) {
    await down(shell);
    throw new AppStartError(`Both apps did not answer within ${READY_LIMIT_MS / 1_000} s`, []);
  }
  return {
    doors,
    management: {},
    get logRecords() {
      return lines.counts;
    },
    restart: async () => {
      const asked = performance.now();
      await down(shell);
      const stopped = performance.now();
      shell = await up(command, env, lines);
      // Who does not listen by then is measured as it is.
      await isReady(doors, shell);
      return { stopMs: stopped - asked, startMs: performance.now() - stopped };
    },
    stop: () => down(shell),
  };
}

function environmentOf(doors: Doors, { redisUrls, databaseUrl, env }: Surroundings): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT_DASHBOARD: String(doors.dashboard),
    PORT_LEARN: String(doors.learn),
    PUBLIC_URL_DASHBOARD: `http://dashboard.trivet.localhost:${doors.dashboard}`,
    PUBLIC_URL_LEARN: `http://learn.trivet.localhost:${doors.learn}`,
    COOKIE_DOMAIN: 'trivet.localhost',
    DATABASE_URL: databaseUrl,
    REDIS_SESSION_URL: redisUrls.session,
    REDIS_CACHE_URL: redisUrls.cache,
    REDIS_QUEUE_URL: redisUrls.queue,
    ...readSecrets(undefined),
    ...env,
  };
}

async function up(command: string, env: NodeJS.ProcessEnv, lines: LineCounter): Promise<ChildProcess> {
  const shell = spawn('/bin/sh', ['-c', command], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [shell.stdout, shell.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.log(line, 'platform'));
  await once(shell, 'spawn');
  void endWithThisProcess(shell);
  return shell;
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

async function down(shell: ChildProcess): Promise<void> {
  if (hasEnded(shell) || shell.pid === undefined) return;
  const group = -shell.pid;
  const exited = once(shell, 'exit');
  process.kill(group, 'SIGTERM');
  const force = setTimeout(() => process.kill(group, 'SIGKILL'), STOP_LIMIT_MS);
  await exited.finally(() => clearTimeout(force));
}

/** Ready is who listens, in both apps, whatever comes of it. False when they do not within a minute. */
async function isReady(doors: Doors, shell: ChildProcess): Promise<boolean> {
  const limit = performance.now() + READY_LIMIT_MS;
  const answers = async (port: number, path: string): Promise<boolean> =>
    (await send({ port, method: 'GET', path, headers: {} })).end !== 'reset';
  while (!((await answers(doors.dashboard, '/login')) && (await answers(doors.learn, '/api/courses')))) {
    if (hasEnded(shell)) throw new AppStartError('The command ended before both apps answered', []);
    if (performance.now() > limit) return false;
    await sleep(POLL_MS);
  }
  return true;
}

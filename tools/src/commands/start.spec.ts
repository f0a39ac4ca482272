import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { portNames, portVariable } from '../platform/ports.js';
import { readRun } from '../supervisor/run-file.js';
import { isAlive, StandIn } from '../testing/stand-in.js';

let standIn: StandIn;
const commands: Command[] = [];

beforeEach(() => {
  standIn = new StandIn();
});

afterEach(async () => {
  await Promise.all(commands.splice(0).map((command) => command.kill()));
  standIn.remove();
});

/** `npm start`, or another command, of the stand-in's checkout as a process of its own. */
class Command {
  readonly #child: ChildProcess;
  readonly ended: Promise<unknown[]>;
  output = '';

  constructor(call: string, env: Record<string, string> = {}) {
    const code = `import { start } from ${url('./start.ts')}; import { databaseCommand } from ${url('./database-command.ts')};
      const user = (args, root) => databaseCommand('apps/worker/dist/user.js', args, root);
      const root = ${JSON.stringify(standIn.root)};
      try { process.exitCode = await ${call}; } catch (error) { console.log(error.message); process.exitCode = 1; }`;
    const loader = ['--conditions=@trivet/source', '--import', '@swc-node/register/esm-register'];
    this.#child = spawn(process.execPath, [...loader, '--input-type=module', '-e', code], {
      env: {
        ...process.env,
        ...anyPorts,
        DATABASE_URL: 'postgres://me@127.0.0.1:1/mine',
        ...env,
        NODE_OPTIONS: '',
      },
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = once(this.#child, 'close');
    commands.push(this);
  }

  /** Resolves once it has printed this; rejects when it ends before. */
  async says(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const [event] = await Promise.race([
        once(this.#child.stdout as NodeJS.EventEmitter, 'data'),
        this.ended.then(() => ['ended']),
      ]);
      if (event === 'ended' && !this.output.includes(text))
        throw new Error(`It never said ${text}:\n${this.output}`);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  write(text: string): void {
    this.#child.stdin?.end(text);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
const anyPorts = Object.fromEntries(portNames.map((name) => [portVariable(name), '0']));
const hint = 'Ctrl-C stops everything';

it('prints the addresses and prefixed lines, and stops all of it at SIGTERM', async () => {
  const command = new Command('start("dist", root)');
  await command.says(hint);
  const { ports, pids, pid } = readRun(standIn.root);
  expect(command.output).toContain(`http://dashboard.trivet.localhost:${ports.dashboard}`);
  expect(command.output).toMatch(/^worker {5}\| started as \d+$/m);
  expect(Object.keys(pids)).toHaveLength(6);
  command.signal('SIGTERM');
  expect(await command.ended).toEqual([0, null]);
  expect([...Object.values(pids), pid].filter(isAlive)).toEqual([]);
  expect(existsSync(join(standIn.root, '.trivet/run.json'))).toBe(false);
});

it('refuses a second platform in the same checkout in one sentence that names the ports', async () => {
  const first = new Command('start("dist", root)');
  await first.says(hint);
  const { ports, pid } = readRun(standIn.root);
  const second = new Command('start("dist", root)');
  expect(await second.ended).toEqual([1, null]);
  expect(second.output).toBe(
    `The platform of this checkout runs already (process ${pid}), on ports ${ports.dashboard} (dashboard), ` +
      `${ports.learn} (learn), ${ports.mail} (mail page), ${ports.smtp} (SMTP), ` +
      `${ports.dashboardManagement} (dashboard management), ` +
      `${ports.learnManagement} (learn management), ${ports.workerManagement} (worker management), ` +
      `${ports.sessionRedis} (session Redis), ${ports.cacheRedis} (cache Redis), ${ports.queueRedis} (queue Redis), ` +
      `${ports.postgres} (PostgreSQL): use it, or end it with Ctrl-C in its terminal; nothing was started.\n`,
  );
});

it('no longer waits at the second SIGINT, but takes the echo that npm sends for the first', async () => {
  const command = new Command('start("dist", root)', { IS_STUBBORN: 'yes' });
  await command.says(hint);
  const { pids } = readRun(standIn.root);
  command.signal('SIGINT');
  command.signal('SIGINT');
  await command.says('Stopping everything');
  await sleep(600); // A person's second Ctrl-C comes later than npm's echo.
  expect(Object.values(pids).filter(isAlive)).toHaveLength(6);
  command.signal('SIGINT');
  expect(await command.ended).toEqual([130, null]);
  await untilGone(Object.values(pids));
});

it('leaves no process behind when it is killed, and starts again afterwards', async () => {
  const first = new Command('start("dist", root)');
  await first.says(hint);
  const { pids } = readRun(standIn.root);
  await first.kill();
  await untilGone(Object.values(pids));
  const second = new Command('start("dist", root)');
  await second.says(hint);
});

it('reads ports from .env too, and says which one is wrong', async () => {
  standIn.write('.env', 'PORT_DASHBOARD=wrong, but the environment wins\nPORT_EXTRA=1\n');
  const command = new Command('start("dist", root)', { PORT_LEARN: 'x' });
  expect(await command.ended).toEqual([1, null]);
  expect(command.output).toBe(
    'PORT_LEARN: expected a port from 0 to 65535, got something else (example: 3002)\n',
  );
});

it('hands an account to the database of the running platform, the password by standard input', async () => {
  await new Command('start("dist", root)').says(hint);
  const add = new Command('user(["add", "me@example.org", "--name", "Me"], root)', { DATABASE_URL: '' });
  add.write('secret words');
  expect(await add.ended).toEqual([0, null]);
  expect(standIn.read('user.json')).toEqual({
    args: ['add', 'me@example.org', '--name', 'Me'],
    url: 'postgres://me@127.0.0.1:1/mine',
    password: 'secret words',
  });
});

it('asks for a platform or a database before it makes an account', async () => {
  const add = new Command('user(["add", "me@example.org"], root)', { DATABASE_URL: '' });
  expect(await add.ended).toEqual([2, null]);
  expect(add.output).toBe(
    'There is no database: start the platform with `npm start`, or set DATABASE_URL.\n',
  );
});

/** Not our children, so no exit event comes. */
async function untilGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (pids.some(isAlive) && performance.now() < deadline) await sleep(20);
  expect(pids.filter(isAlive)).toEqual([]);
}

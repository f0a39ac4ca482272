import { endWithThisProcess, freePort } from '@trivet/fault-kit';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisGroup } from './redis-group.js';

type Environment = Readonly<Record<string, string>>;

/** How a script ended. */
export interface Ending {
  readonly code: number;
  readonly output: string;
}

/** One pod of a Redis group as a kubelet would run it, with the manifests' own scripts, on a loopback address. */
export class RedisPod {
  readonly #directory: string;
  readonly #environment: Environment;
  #sentinel: ChildProcess | undefined;
  #redis: ChildProcess | undefined;

  constructor(
    directory: string,
    readonly host: string,
    environment: Environment,
  ) {
    this.#directory = directory;
    const own = {
      SELF: host,
      POD_IP: host,
      BIND: host,
      DATA_DIR: join(directory, 'data'),
      RUN_DIR: join(directory, 'run'),
    };
    this.#environment = { ...environment, ...own };
  }

  /** The sidecar first, then Redis, which may wait for as long as it has to. */
  async start(): Promise<void> {
    await mkdir(join(this.#directory, 'data'), { recursive: true });
    await mkdir(join(this.#directory, 'run'), { recursive: true });
    this.#sentinel = this.#spawn('sentinel.sh');
    this.#redis = this.#spawn('redis.sh');
  }

  /** As when a node is drained: the hook, SIGTERM for Redis, and when it is gone for the sidecar. */
  async stop(): Promise<void> {
    await this.run('pre-stop.sh');
    await end(this.#redis, 'SIGTERM');
    await end(this.#sentinel, 'SIGTERM');
  }

  /** As when a node dies. */
  async kill(): Promise<void> {
    await Promise.all([end(this.#redis, 'SIGKILL'), end(this.#sentinel, 'SIGKILL')]);
  }

  /** The kubelet restarts a container that died; the sidecar never went. */
  async restartRedis(): Promise<void> {
    await end(this.#redis, 'SIGKILL');
    this.#redis = this.#spawn('redis.sh');
  }

  /** SIGSTOP, and SIGCONT for the way back. */
  signalRedis(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#redis?.kill(signal);
  }

  async loseVolume(): Promise<void> {
    await rm(join(this.#directory, 'data'), { recursive: true });
  }

  async acceptLoss(): Promise<void> {
    await writeFile(join(this.#directory, 'run', 'accept-loss'), '');
  }

  /** Runs a script to its end, as a probe or a hook. */
  async run(script: string, ...args: string[]): Promise<Ending> {
    return toTheEnd('sh', [this.#script(script), ...args], this.#environment);
  }

  /** What `redis-cli` prints; an empty text when nobody answers. */
  async ask(...command: string[]): Promise<string> {
    const address = ['-h', this.host, '-p', this.#environment.REDIS_PORT ?? ''];
    const { code, output } = await toTheEnd('redis-cli', [...address, ...command], this.#environment);
    return code === 0 ? output.trim() : '';
  }

  async role(): Promise<string> {
    return (await this.ask('ROLE')).split('\n')[0] ?? '';
  }

  #script(name: string): string {
    return join(this.#environment.SCRIPTS ?? '', name);
  }

  #spawn(script: string): ChildProcess {
    const child = spawn('sh', [this.#script(script)], {
      env: { ...process.env, ...this.#environment },
      stdio: 'ignore',
      detached: true,
    });
    void endWithThisProcess(child);
    return child;
  }
}

/** Three pods that stand for the pods of a group's StatefulSet. */
export class RedisPods {
  private constructor(
    readonly all: readonly RedisPod[],
    readonly directory: string,
  ) {}

  /** Lays the rendered scripts and files out and makes the pods, which are not yet started. */
  static async lay(group: RedisGroup, overrides: Environment = {}): Promise<RedisPods> {
    const directory = await mkdtemp(join(tmpdir(), `pods-${group.name}-`));
    await layFiles(join(directory, 'scripts'), group.scripts);
    await layFiles(join(directory, 'conf'), group.conf);
    // Three loopback addresses stand for three pods: the ports stay the same on all of them, as in a cluster.
    const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    const hosts = [1, 2, 3].map((index) => `${network}.${index}`);
    const environment = {
      GROUP: group.name,
      MEMBERS: hosts.join(' '),
      REDIS_PORT: String(await freePort()),
      SENTINEL_PORT: String(await freePort()),
      REDIS_PASSWORD: 'c0ffee'.repeat(6),
      REDISCLI_AUTH: 'c0ffee'.repeat(6),
      SCRIPTS: join(directory, 'scripts'),
      CONF_DIR: join(directory, 'conf'),
      ...overrides,
    };
    const pods = hosts.map((host, index) => new RedisPod(join(directory, String(index)), host, environment));
    return new RedisPods(pods, directory);
  }

  async start(): Promise<void> {
    await Promise.all(this.all.map((pod) => pod.start()));
  }

  /** Resolves to the master once it is one, with both replicas in sync. */
  async settled(): Promise<RedisPod> {
    return eventually(async () => {
      const ready = await Promise.all(this.all.map((pod) => pod.run('ready.sh')));
      if (ready.some(({ code }) => code !== 0)) return undefined;
      const roles = await Promise.all(this.all.map((pod) => pod.role()));
      return roles.filter((role) => role === 'master').length === 1
        ? this.all[roles.indexOf('master')]
        : undefined;
    });
  }

  async end(): Promise<void> {
    await Promise.all(this.all.map((pod) => pod.kill()));
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Asks until there is an answer. @throws after `deadlineMs`. */
export async function eventually<T>(question: () => Promise<T | undefined>, deadlineMs = 60_000): Promise<T> {
  const giveUpAt = performance.now() + deadlineMs;
  while (performance.now() < giveUpAt) {
    const answer = await question();
    if (answer !== undefined) return answer;
    await sleep(50);
  }
  throw new Error(`Not within ${deadlineMs} ms: ${question.toString()}`);
}

async function layFiles(directory: string, files: Environment): Promise<void> {
  await mkdir(directory);
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  // The group: a script that still waits has children of its own.
  process.kill(-child.pid, signal);
  await exit;
}

async function toTheEnd(program: string, args: readonly string[], environment: Environment): Promise<Ending> {
  return new Promise((resolve) => {
    execFile(program, args, { env: { ...process.env, ...environment } }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, output: stdout + stderr });
    });
  });
}

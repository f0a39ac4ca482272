import { join } from 'node:path';
import { type LocalMail } from '../mail/local-mail.js';
import { appNames, mapNames, workspaceRoot, type AppName } from '../workspace.js';
import { AppProcess, type Launch } from './app-process.js';
import {
  appEnvironment,
  migrateArguments,
  publicUrls,
  serveArguments,
  type From,
  type Surroundings,
  type Urls,
} from './launch.js';
import { choosePorts, portNames, portsOf, refuseUsedPorts, type PortName, type Ports } from './ports.js';
import { runToEnd } from './run-to-end.js';
import { readSecrets } from './secrets.js';
import { Stores, type RedisGroups, type RedisUrls } from './stores.js';

/** How to start a {@link Platform}. */
export interface PlatformOptions {
  /** The ports of `npm start`, free ones, or each by name (0: a free one). @default 'free' */
  readonly ports?: 'fixed' | 'free' | Ports;
  /** Keeps data and secrets. @default none: both are gone after `stop()`; `.trivet` with `ports: 'fixed'` */
  readonly dataDir?: string;
  /** Serves this database in place of an embedded one. @default none */
  readonly databaseUrl?: string;
  /** Uses these Redises in place of its own. @default none */
  readonly redisUrls?: RedisUrls;
  /** What the apps run from. @default 'dist' */
  readonly from?: From;
  /** More variables for the apps; they win. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** Takes each line that a process prints, and the name of the process. @default nothing is shown */
  readonly log?: (line: string, source: string) => void;
  /** Whether to make the demo accounts and courses. @default true */
  readonly seed?: boolean;
  /** Checkout whose apps run. @default this one */
  readonly root?: string;
  /** Gives up while starting; what was started is ended. @default none */
  readonly signal?: AbortSignal;
}

/** How long an app took to end and to be ready again. */
export interface RestartTimes {
  readonly stopMs: number;
  readonly startMs: number;
}

/** The whole platform: three Redises, PostgreSQL, dashboard, learn and worker as processes, and a mail server. */
export class Platform {
  /** Public addresses. Node resolves no `*.localhost`: there use 127.0.0.1 and a Host header. */
  readonly urls: Urls;
  /** Where `/health` and `/metrics` are. */
  readonly management: Readonly<Record<AppName, string>>;
  readonly #stores: Stores;
  readonly #processes: Readonly<Record<AppName, AppProcess>>;
  #stopping: Promise<void> | undefined;

  private constructor(
    readonly ports: Ports,
    stores: Stores,
    processes: Record<AppName, AppProcess>,
  ) {
    this.urls = publicUrls(ports);
    this.management = mapNames(appNames, (app) => managementUrl(ports, app));
    this.#stores = stores;
    this.#processes = processes;
  }

  /**
   * Resolves once all three apps are ready; leaves nothing behind when it rejects.
   *
   * @throws PortsInUseError, AppStartError, and what the fault kit and the embedded PostgreSQL throw.
   */
  static async start(options: PlatformOptions = {}): Promise<Platform> {
    const { root = workspaceRoot, signal, databaseUrl, redisUrls } = options;
    const dataDir = options.dataDir ?? (options.ports === 'fixed' ? join(root, '.trivet') : undefined);
    const ports = await choosePorts(portsOf(options.ports ?? 'free'));
    const isGiven = (name: PortName): boolean =>
      name === 'postgres' ? databaseUrl !== undefined : name.endsWith('Redis') && redisUrls !== undefined;
    await refuseUsedPorts(
      ports,
      portNames.filter((name) => !isGiven(name)),
    );
    const secrets = readSecrets(dataDir);
    const stores = await Stores.start(ports, { dataDir, databaseUrl, redisUrls });
    const surroundings = { ports, stores, secrets, env: options.env ?? {} };
    const processes = mapNames(appNames, (app) => new AppProcess(launchOf(app, surroundings, options)));
    const platform = new Platform(ports, stores, processes);
    try {
      signal?.throwIfAborted();
      await migrate(surroundings, options);
      await Promise.all(Object.values(processes).map((app) => app.start(signal)));
      return platform;
    } catch (error) {
      await platform.stop();
      throw error;
    }
  }

  /** The three groups; each can be killed, hung, resumed and started again. */
  get redis(): RedisGroups {
    const { redis } = this.#stores;
    if (redis === undefined)
      throw new Error('The Redises were given by `redisUrls`: ask whoever started them.');
    return redis;
  }

  /** Where all mail ends. */
  get mail(): LocalMail {
    return this.#stores.mail;
  }

  get databaseUrl(): string {
    return this.#stores.databaseUrl;
  }

  /** Every process that runs now, by name. */
  get pids(): Readonly<Record<string, number>> {
    const { redis, postgres } = this.#stores;
    const all = [
      ...Object.entries(this.#processes).map(([name, app]) => [name, app.pid]),
      ...Object.entries(redis ?? {}).map(([group, server]) => [`${group} Redis`, server.pid]),
      ['PostgreSQL', postgres?.pid],
    ];
    return Object.fromEntries(all.filter(([, pid]) => pid !== undefined)) as Record<string, number>;
  }

  /** The last 10,000 lines that the process printed. */
  logs(app: AppName): readonly string[] {
    return this.#processes[app].lines;
  }

  /** Ends the app as a deployment does (SIGTERM) and resolves once it is ready again, to how long both took. */
  async restart(app: AppName): Promise<RestartTimes> {
    const asked = performance.now();
    await this.#processes[app].stop();
    const stopped = performance.now();
    await this.#processes[app].start();
    return { stopMs: stopped - asked, startMs: performance.now() - stopped };
  }

  /** Ends the apps, then the stores they need; each by force when its deadline passes. */
  async stop(): Promise<void> {
    this.#stopping ??= Promise.all(Object.values(this.#processes).map((app) => app.stop())).then(() =>
      this.#stores.stop(),
    );
    await this.#stopping;
  }
}

const managementUrl = (ports: Ports, app: AppName): string => `http://127.0.0.1:${ports[`${app}Management`]}`;

function launchOf(app: AppName, surroundings: Surroundings, options: PlatformOptions): Launch {
  const { root = workspaceRoot, from = 'dist', log = () => undefined } = options;
  return {
    name: app,
    args: serveArguments(app, from),
    cwd: root,
    env: appEnvironment(app, surroundings),
    readyUrl: `${managementUrl(surroundings.ports, app)}/health/ready`,
    log,
  };
}

async function migrate(surroundings: Surroundings, options: PlatformOptions): Promise<void> {
  const launch = launchOf('worker', surroundings, options);
  const args = migrateArguments(options.from ?? 'dist', options.seed ?? true);
  await runToEnd({ ...launch, name: 'migrations', args }, options.signal);
}

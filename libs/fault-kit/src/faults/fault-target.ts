import { TcpProxy } from '../network/tcp-proxy.js';
import { takeDump } from '../process/dump.js';
import { freePort } from '../process/free-port.js';
import { RedisServer, type ServerSettings } from '../process/redis-server.js';
import { SentinelCluster } from '../process/sentinel-cluster.js';
import { TlsFiles } from '../tls/tls-files.js';
import type { Topology } from './fault.js';

interface Parts {
  readonly server?: RedisServer;
  readonly proxy?: TcpProxy;
  readonly tls?: TlsFiles;
  readonly cluster?: SentinelCluster;
}

/** What faults are put on: give its `url` to the client under test. */
export class FaultTarget {
  /** Where clients connect: the proxy, or the Sentinels. */
  readonly url: string;
  readonly topology: Topology;
  readonly #parts: Parts;
  #oldDump: Buffer | undefined;

  private constructor(topology: Topology, url: string, parts: Parts) {
    this.topology = topology;
    this.url = url;
    this.#parts = parts;
  }

  /** Starts everything the topology needs; the settings go to its servers. */
  static async start(topology: Topology = 'standalone', settings: ServerSettings = {}): Promise<FaultTarget> {
    switch (topology) {
      case 'standalone':
        return FaultTarget.of(await RedisServer.start(settings));
      case 'tls':
        return startWithTls(settings, (url, parts) => new FaultTarget('tls', url, parts));
      case 'sentinel': {
        const cluster = await SentinelCluster.start({ server: settings });
        return new FaultTarget('sentinel', cluster.url, { cluster });
      }
    }
  }

  /** Puts a proxy in front of a server that is up already. */
  static async of(server: RedisServer): Promise<FaultTarget> {
    const proxy = await TcpProxy.start({ target: server });
    const url = server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
    return new FaultTarget('standalone', url, { server, proxy });
  }

  /** @throws Error on a `sentinel` target. */
  get server(): RedisServer {
    return this.#need('server');
  }

  /** @throws Error on a `sentinel` target. */
  get proxy(): TcpProxy {
    return this.#need('proxy');
  }

  /** @throws Error unless this is a `tls` target. */
  get tls(): TlsFiles {
    return this.#need('tls');
  }

  /** @throws Error unless this is a `sentinel` target. */
  get cluster(): SentinelCluster {
    return this.#need('cluster');
  }

  /** What the fault `oldDump` brings back; undefined is the empty dataset. */
  get oldDump(): Buffer | undefined {
    return this.#oldDump;
  }

  /** Remembers the present data as the old dump. */
  async snapshot(): Promise<void> {
    this.#oldDump = await takeDump(this.server);
  }

  /** Ends every process and frees every port. */
  async stop(): Promise<void> {
    const { server, proxy, tls, cluster } = this.#parts;
    await Promise.all([proxy?.close(), server?.stop(), cluster?.stop()]);
    await tls?.remove();
  }

  #need<K extends keyof Parts>(part: K): NonNullable<Parts[K]> {
    const found = this.#parts[part];
    if (found) return found;
    throw new Error(
      `A ${this.topology} target has no ${part}: use the topology its fault names, FaultTarget.start(fault.topology).`,
    );
  }
}

async function startWithTls<T>(
  settings: ServerSettings,
  build: (url: string, parts: Parts) => T,
): Promise<T> {
  const tls = await TlsFiles.create();
  try {
    const port = await freePort();
    // The plain port stays, for the kit's own commands.
    const args = [...tlsArgs(tls, port), ...(settings.args ?? [])];
    const server = await RedisServer.start({ ...settings, args });
    const proxy = await TcpProxy.start({ target: { host: server.host, port } });
    return build(`rediss://${proxy.host}:${proxy.port}/0`, { server, proxy, tls });
  } catch (error) {
    await tls.remove();
    throw error;
  }
}

function tlsArgs({ ca, valid }: TlsFiles, port: number): string[] {
  return [
    ...['--tls-port', String(port), '--tls-auth-clients', 'no', '--tls-ca-cert-file', ca],
    ...['--tls-cert-file', valid.certificate, '--tls-key-file', valid.key],
  ];
}

import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** What a {@link Listener} listens to, and where. */
export interface ListenerOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
  readonly channel: string;
  readonly heard: () => void;
}

const pauseMs = 500;
const endDeadlineMs = 1_000;

/** One LISTEN on a connection that is replaced whenever it ends. */
export class Listener {
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(private readonly options: ListenerOptions) {}

  start(): void {
    void this.#connect().catch(() => this.#again());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (this.#client) await end(this.#client);
  }

  async #connect(): Promise<void> {
    const { url, applicationName, connectTimeoutMs, channel, heard } = this.options;
    const client = new Client({
      connectionString: url,
      application_name: `${applicationName}-listen`,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: connectTimeoutMs,
      keepAlive: true,
    });
    // The end of the connection follows every error.
    client.on('error', () => undefined);
    client.once('end', () => this.#again());
    client.on('notification', heard);
    this.#client = client;
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
    heard();
  }

  #again(): void {
    const client = this.#client;
    this.#client = undefined;
    if (client) void end(client);
    clearTimeout(this.#timer);
    if (!this.#stopped)
      this.#timer = setTimeout(() => this.start(), pauseMs * (0.75 + Math.random() / 2)).unref();
  }
}

/** A server that hangs never says goodbye. */
async function end(client: Client): Promise<void> {
  client.removeAllListeners('end').removeAllListeners('notification');
  const stream = client.connection.stream;
  await Promise.race([client.end().catch(() => undefined), delay(endDeadlineMs, undefined, { ref: false })]);
  stream.destroy();
}

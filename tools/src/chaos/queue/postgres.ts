import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { Client } from 'pg';

const COMEBACK_MS = 15_000;
const POLL_MS = 100;

/** A PostgreSQL that writes as in production (fsync on), and that can be killed. */
export class MortalPostgres {
  private constructor(
    private readonly dir: string,
    private server: EmbeddedPostgres,
  ) {}

  static async start(): Promise<MortalPostgres> {
    const dir = await mkdtemp(join(tmpdir(), 'trivet-chaos-postgres-'));
    try {
      return new MortalPostgres(dir, await startIn(dir));
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    }
  }

  get url(): string {
    return this.server.url;
  }

  /** SIGKILL to the server; the next start recovers from its log. */
  kill(): void {
    process.kill(this.server.pid, 'SIGKILL');
  }

  /** Starts it again on the same data; its orphans may still hold them for a moment. */
  async comeBack(): Promise<void> {
    const limit = performance.now() + COMEBACK_MS;
    const { port } = this.server;
    await this.server.stop();
    for (;;) {
      try {
        this.server = await startIn(this.dir, port);
        return;
      } catch (error) {
        if (performance.now() > limit) throw error;
        await sleep(POLL_MS);
      }
    }
  }

  /** Rows of a question to the database, on a connection of its own. */
  async ask<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}

const startIn = (dir: string, port?: number): Promise<EmbeddedPostgres> =>
  EmbeddedPostgres.start({ dataDir: join(dir, 'data'), endsWithUs: true, ...(port ? { port } : {}) });

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { Pool } from 'pg';

const COMEBACK_MS = 15_000;
const POLL_MS = 100;

/** A PostgreSQL that writes as in production (fsync on), and that can be killed. */
export class MortalPostgres {
  private constructor(
    private readonly dir: string,
    private server: EmbeddedPostgres,
    private readonly pool: Pool,
  ) {}

  static async start(): Promise<MortalPostgres> {
    const dir = await mkdtemp(join(tmpdir(), 'trivet-chaos-postgres-'));
    try {
      const server = await startIn(dir);
      const pool = new Pool({ connectionString: server.url, max: 1 }).on('error', () => undefined);
      return new MortalPostgres(dir, server, pool);
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

  /** Rows of a question to the database, on a connection that is kept: to make one takes the machine from those who are measured. */
  async ask<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, [...values])).rows;
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.server.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}

const startIn = (dir: string, port?: number): Promise<EmbeddedPostgres> =>
  EmbeddedPostgres.start({ dataDir: join(dir, 'data'), endsWithUs: true, ...(port ? { port } : {}) });

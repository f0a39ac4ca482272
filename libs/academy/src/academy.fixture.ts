import { Database, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { queueMigrations } from '@trivet/queue';
import { academyMigrations } from './academy.migrations.js';
import { Clock } from './clock.js';

/** Time that passes when a spec says so. */
export class FakeClock extends Clock {
  #now = new Date('2026-03-01T12:00:00Z');

  now(): Date {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now = new Date(this.#now.getTime() + milliseconds);
  }
}

/** A real PostgreSQL with the academy's tables, for one spec file. */
export interface AcademyFixture {
  readonly database: Database;
  readonly clock: FakeClock;
  readonly url: string;
  stop(): Promise<void>;
}

export async function startAcademy(): Promise<AcademyFixture> {
  const server = await EmbeddedPostgres.start();
  await runMigrations(server.url, [queueMigrations, academyMigrations]);
  const database = new Database({ url: server.url });
  const stop = async () => {
    await database.onApplicationShutdown();
    await server.stop();
  };
  return { database, clock: new FakeClock(), url: server.url, stop };
}

import type { Database } from '@trivet/database';
import { withDeadline } from '@trivet/redis';
import { sql } from 'drizzle-orm';
import type { SessionClock } from '../session.clock.js';
import { decode, encode, identityOf, type Testimony } from './testimony.js';
import type { EvidenceStore } from './witness.js';

interface Page {
  readonly [column: string]: unknown;
  readonly horizon: string;
  readonly beat: string | null;
  readonly items: string[];
}

/** How long a call to PostgreSQL may take, milliseconds: a mirror that hangs is one that is away. */
const deadlineMs = 500;

/** The evidence in PostgreSQL, which no loss of the session Redis touches. */
export class EvidenceMirror implements EvidenceStore {
  readonly name = 'mirror';
  #horizon = '0';
  #beat = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: SessionClock,
    private readonly lifeMs: number,
  ) {}

  /** The latest heartbeat of the session Redis that any process has noted here. */
  get beat(): number {
    return this.#beat;
  }

  startOver(): void {
    this.#horizon = '0';
  }

  async read(): Promise<Testimony[]> {
    const page = await this.#page();
    // A transaction that was under way has an id at or above the horizon: its rows are read next time, none is skipped.
    const isRestored = BigInt(page.horizon) < BigInt(this.#horizon);
    this.#horizon = isRestored ? '0' : page.horizon;
    this.#beat = Math.max(this.#beat, Number(page.beat ?? 0));
    const items = page.items.flatMap((item) => decode(item) ?? []);
    return isRestored ? [...items, ...(await this.read())] : items;
  }

  async write(items: readonly Testimony[]): Promise<void> {
    const rows = new Map<string, Testimony>();
    for (const item of items) {
      const known = rows.get(identityOf(item));
      if (!known || known.at < item.at) rows.set(identityOf(item), item);
    }
    const values = [...rows].map(([id, item]) => ({ id, item: encode(item), at: item.at }));
    await this.#run(sql`
      insert into session.evidence as known (id, item, at)
      select id, item, at from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as given (id text, item text, at bigint)
      on conflict (id) do update set item = excluded.item, at = excluded.at, xid = pg_current_xact_id()
      where known.at < excluded.at`);
  }

  /** Notes how far the session Redis has come; one process a second is enough. */
  async note(beat: number): Promise<void> {
    if (beat - this.#beat < 1000) return;
    await this.#run(sql`
      insert into session.heart as known (only, beat) values (true, ${beat})
      on conflict (only) do update set beat = excluded.beat where known.beat < excluded.beat`);
    this.#beat = beat;
  }

  /** Removes what speaks against no session that could still live. */
  async prune(): Promise<void> {
    await this.#run(sql`delete from session.evidence where at < ${this.clock.now() - this.lifeMs}`);
  }

  async #page(): Promise<Page> {
    const { rows } = await this.#run<Page>(sql`
      select pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
        (select beat from session.heart) as beat,
        coalesce((select json_agg(item) from session.evidence
          where xid >= ${this.#horizon}::xid8 and at >= ${this.clock.now() - this.lifeMs}), '[]') as items`);
    return rows[0]!;
  }

  #run<Row extends Record<string, unknown>>(statement: ReturnType<typeof sql>) {
    return withDeadline(this.database.execute<Row>(statement), deadlineMs);
  }
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { EmbeddedPostgres } from './embedded.js';
import { type MigrationSet, runMigrations } from './migrations.js';

let server: EmbeddedPostgres;
let folder: string;
let schema = 's0';

beforeAll(async () => {
  server = await EmbeddedPostgres.start();
  folder = await mkdtemp(join(tmpdir(), 'trivet-migrations-'));
});

beforeEach(() => {
  schema = `s${Number(schema.slice(1)) + 1}`;
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function set(...statements: string[]): Promise<MigrationSet> {
  const own = join(folder, schema);
  await mkdir(join(own, 'meta'), { recursive: true });
  const entries = statements.map((_, idx) => ({
    idx,
    version: '7',
    when: idx + 1,
    tag: `000${idx}`,
    breakpoints: true,
  }));
  await writeFile(
    join(own, 'meta/_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
  await Promise.all(statements.map((statement, idx) => writeFile(join(own, `000${idx}.sql`), statement)));
  return { schema, folder: own };
}

async function rows(text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

it('runs each migration once, however often it is called', async () => {
  const first = await set(`create table ${schema}.t as select 1 as n`);
  await runMigrations(server.url, [first]);
  const second = await set(`create table ${schema}.t as select 1 as n`, `insert into ${schema}.t values (2)`);
  await runMigrations(server.url, [second]);
  await runMigrations(server.url, [second]);
  expect(await rows(`select n from ${schema}.t order by n`)).toEqual([{ n: 1 }, { n: 2 }]);
});

it('lets concurrent runs wait for each other', async () => {
  const slow = await set(`create table ${schema}.t as select 1 as n; select pg_sleep(0.1)`);
  await Promise.all(Array.from({ length: 4 }, () => runMigrations(server.url, [slow])));
  expect(await rows(`select count(*)::int as n from ${schema}.migrations`)).toEqual([{ n: 1 }]);
});

it('names the schema that failed and leaves nothing half done in it', async () => {
  const broken = await set(`create table ${schema}.t (n int)`, 'create nonsense');
  await expect(runMigrations(server.url, [broken])).rejects.toThrow(
    `schema "${schema}" failed: syntax error`,
  );
  expect(await rows(`select to_regclass('${schema}.t') as t`)).toEqual([{ t: null }]);
});

import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Database, runMigrations } from '@trivet/database';
import { EmbeddedPostgres } from '@trivet/database/embedded';
import { DeadLetters, queueMigrations } from '@trivet/queue';
import { sql } from 'drizzle-orm';
import { readQueueCommand } from './queue-command.js';

let postgres: EmbeddedPostgres;
let database: Database;

beforeAll(async () => {
  postgres = await EmbeddedPostgres.start();
  await runMigrations(postgres.url, [queueMigrations]);
  database = new Database({ url: postgres.url });
});

afterAll(async () => {
  await database?.onApplicationShutdown();
  await postgres?.stop();
});

beforeEach(async () => {
  await database.execute(sql`truncate queue.dead_letters, queue.outbox`);
  await database.execute(sql`
    insert into queue.dead_letters (id, queue, job, version, payload, bytes, reason, error, attempts, added_at)
    select name, 'mail', job, 1, '{"secret":"word"}', 17, reason, 'Error: no', 5, now() from (values
      ('one', 'send', 'failed'), ('two', 'send', 'poison'), ('three', 'plan', 'failed')) as given (name, job, reason)`);
});

async function run(line: string): Promise<string> {
  const command = readQueueCommand(line.split(' '));
  return 'usage' in command ? command.usage.slice(0, 6) : command.run(new DeadLetters(database));
}

const waiting = async () => (await database.execute(sql`select id from queue.outbox order by id`)).rows;

it('lists dead letters, without anybody’s payload', async () => {
  expect(await run('dead list --job send --reason failed')).toMatch(
    /^\S+Z {2}one {2}send {2}failed after 5 {2}Error: no\n$/,
  );
  const all = await run('dead list --json');
  expect(JSON.parse(all)).toHaveLength(3);
  expect(all).not.toContain('word');
  expect(await run('dead list --queue none')).toBe('No dead letters.\n');
});

it('says what a redrive would do, and does it when told so', async () => {
  expect(await run('dead redrive --job send --dry-run')).toBe('2 jobs would be redriven.\n');
  expect(await waiting()).toEqual([]);
  expect(await run('dead redrive --job send --rate 10')).toBe('2 jobs are redriven.\n');
  expect(await waiting()).toEqual([{ id: 'one' }, { id: 'two' }]);
});

it('redrives by id, all, or only so many', async () => {
  expect(await run('dead redrive --id one --id three')).toBe('2 jobs are redriven.\n');
  expect(await run('dead redrive --all --limit 5')).toBe('1 job is redriven.\n');
});

it('throws away what it is told to, after a dry run too', async () => {
  expect(await run('dead discard --reason poison --dry-run')).toBe('1 job would be discarded.\n');
  expect(await run('dead discard --reason poison')).toBe('1 job is discarded.\n');
  expect(await run('dead list --reason poison')).toBe('No dead letters.\n');
});

it.each([
  'dead redrive',
  'dead redrive --all --job send',
  'dead discard --all',
  'dead list --reason old',
  'dead list --limit none',
  'dead list now',
  'dead bury',
  'list',
])('explains itself when asked to `%s`', async (line) => {
  expect(await run(line)).toBe('Usage:');
});

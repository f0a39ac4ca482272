import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AcademyFixture, startAcademy } from '../academy.fixture.js';
import { users } from '../academy.schema.js';
import { AppendNoteHandler } from './append-note.job.js';
import { Notes } from './notes.js';

let academy: AcademyFixture;
let notes: Notes;
const userId = randomUUID();

beforeAll(async () => {
  academy = await startAcademy();
  const person = { id: userId, name: 'Ada', email: 'ada@example.org', passwordHash: '', roles: [] };
  await academy.database.insert(users).values(person);
  notes = new Notes(academy.database);
});

afterAll(async () => {
  await academy.stop();
});

async function run(id: string, payload: { text: string; at?: string }): Promise<void> {
  const handler = new AppendNoteHandler(academy.clock, notes);
  const { signal } = new AbortController();
  await academy.database.transaction((tx) => handler.handle({ userId, ...payload }, { id, tx, signal }));
}

it('shows one row for each time the job had its effect, newest first', async () => {
  const jobId = randomUUID();
  await run(jobId, { text: 'first', at: '2026-02-28T10:00:00.000Z' });
  await run(jobId, { text: 'first again' });
  expect(await notes.list(userId)).toEqual([
    { jobId, text: 'first again', at: academy.clock.now() },
    { jobId, text: 'first', at: new Date('2026-02-28T10:00:00.000Z') },
  ]);
  expect(await notes.list(userId, 1)).toHaveLength(1);
});

it('shows nobody else’s notes', async () => {
  expect(await notes.list(randomUUID())).toEqual([]);
});

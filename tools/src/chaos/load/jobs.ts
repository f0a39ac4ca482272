import { setTimeout as sleep } from 'node:timers/promises';
import { JobLedger } from '../measure/job-ledger.js';
import { type Recorder } from '../measure/recorder.js';
import { type JobCounts } from '../measure/result.js';
import { type Ask } from './ask.js';
import { inTurn, type Crowd } from './crowd.js';
import { type Person } from './person.js';
import { certificateAsk, certificateFile, certificateState, noteAsk } from './routes.js';
import { jsonOf, type Answer } from './send.js';

const POLL_MS = 250;

/** Asks for jobs and finds their effects again: each note's text is its own, and each certificate has an id. */
export class Jobs {
  readonly #ledger = new JobLedger();
  readonly #noteTakers = new Set<Person>();
  readonly #certificates = new Map<string, Person>();
  #notes = 0;
  #certificateTurn = 0;

  constructor(
    private readonly crowd: Crowd,
    /** In every note, so that cells do not find each other's. */
    private readonly mark: string,
  ) {}

  async takeNote(person: Person, recorder?: Recorder): Promise<Answer> {
    const text = `${this.mark} ${this.#notes++}`;
    const answer = await asked(person, noteAsk(text), recorder);
    this.#noteTakers.add(person);
    this.#ledger.asked(text, answer.status === 202);
    return answer;
  }

  async askCertificate(recorder: Recorder): Promise<void> {
    const turn = this.#certificateTurn++;
    const person = this.crowd.learners[turn % this.crowd.learners.length] as Person;
    const answer = await asked(person, certificateAsk(turn), recorder);
    const accepted = jsonOf<{ id: string }>(answer, 202);
    if (!accepted) return;
    const { id } = accepted;
    this.#ledger.asked(id, true);
    this.#certificates.set(id, person);
  }

  /** Looks until every accepted job is done, or the limit is reached. Everybody must be signed in. */
  async settle(limitMs: number): Promise<JobCounts> {
    const limit = performance.now() + limitMs;
    for (;;) {
      await inTurn([...this.#noteTakers], (person) => this.#readNotes(person));
      await inTurn([...this.#certificates], ([id, person]) => this.#readCertificate(id, person));
      if (this.#ledger.missing === 0 || performance.now() > limit) return this.#ledger.counts();
      await sleep(POLL_MS);
    }
  }

  async #readNotes(person: Person): Promise<void> {
    const read = jsonOf<{ text: string }[]>(await person.ask(notes), 200);
    const texts = (read ?? []).map(({ text }) => text);
    for (const text of new Set(texts))
      this.#ledger.seen(text, texts.filter((other) => other === text).length);
  }

  async #readCertificate(id: string, person: Person): Promise<void> {
    const certificate = jsonOf<{ state: string }>(await person.ask(certificateState(id)), 200);
    if (certificate?.state !== 'ready') return;
    const file = await person.ask(certificateFile(id));
    this.#ledger.seen(id, file.body.startsWith('%PDF') ? 1 : 0);
  }
}

const notes: Ask = { app: 'learn', method: 'GET', path: '/api/notes?limit=100', expects: [200] };

async function asked(person: Person, ask: Ask, recorder?: Recorder): Promise<Answer> {
  const phase = recorder?.phase ?? 'recovering';
  const answer = await person.ask(ask);
  recorder?.record(ask, answer, phase);
  return answer;
}

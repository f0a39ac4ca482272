import { isGuestAnswer } from '../measure/classify.js';
import { type Recorder } from '../measure/recorder.js';
import { type Ask } from './ask.js';
import { type Crowd } from './crowd.js';
import { type Jobs } from './jobs.js';
import { OtherPeople } from './other-people.js';
import { type Person } from './person.js';
import { learnerAsk } from './routes.js';

const REQUESTS_PER_SECOND = 60;
const NOTE_EVERY = 20;
const CERTIFICATE_EVERY = 100;
const OTHERS_EVERY_MS = 800;

/** The steady load of one cell: an open loop, so slow answers do not make fewer requests. */
export class Load {
  readonly others: OtherPeople;
  /** Learners who were answered as guests since the fault. */
  readonly guests = new Set<Person>();
  readonly #pending = new Set<Promise<unknown>>();
  #timers: NodeJS.Timeout[] = [];
  #turn = 0;

  constructor(
    private readonly crowd: Crowd,
    private readonly recorder: Recorder,
    private readonly jobs: Jobs,
  ) {
    this.others = new OtherPeople(crowd, recorder);
  }

  start(): void {
    const startedAt = performance.now();
    const before = this.#turn;
    // Catches up with the clock, because timers fire late on a busy machine.
    const tick = (): void => {
      const due = before + ((performance.now() - startedAt) * REQUESTS_PER_SECOND) / 1_000;
      while (this.#turn < due) this.#track(this.#next(this.#turn++));
    };
    this.#timers = [
      setInterval(tick, 1_000 / REQUESTS_PER_SECOND),
      setInterval(() => this.#track(this.others.act()), OTHERS_EVERY_MS),
    ];
  }

  /** Sends no more and resolves once all is answered or given up. */
  async stop(): Promise<void> {
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  #track(work: Promise<unknown>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }

  #next(turn: number): Promise<unknown> {
    const person = this.crowd.learners[turn % this.crowd.learners.length] as Person;
    if (turn % CERTIFICATE_EVERY === 7) return this.jobs.askCertificate(this.recorder);
    if (turn % NOTE_EVERY === 3) return this.jobs.takeNote(person, this.recorder);
    return this.#ask(person, learnerAsk(turn));
  }

  async #ask(person: Person, ask: Ask): Promise<void> {
    const { phase } = this.recorder;
    const answer = await person.ask(ask);
    this.recorder.record(ask, answer, phase);
    if (phase !== 'baseline' && isGuestAnswer(ask, answer)) this.guests.add(person);
  }
}

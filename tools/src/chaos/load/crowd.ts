import { isGuestAnswer } from '../measure/classify.js';
import { learners, others, PASSWORD } from '../subject/accounts.js';
import { type Ask } from './ask.js';
import { Person, type Doors } from './person.js';
import { me } from './routes.js';

const AT_ONCE = 4;
const SIGN_IN_TRIES = 5;

/** Everybody who uses the platform under test. */
export class Crowd {
  readonly learners: readonly Person[];
  readonly others: Readonly<Record<keyof typeof others, Person>>;
  /** Asks how things are, for the runner. */
  readonly watcher: Person;

  constructor(doors: Doors) {
    const person = (email: string): Person => new Person({ email, password: PASSWORD }, doors);
    this.learners = learners.map(person);
    this.others = {
      leavesDashboard: person(others.leavesDashboard),
      revokes: person(others.revokes),
      edits: person(others.edits),
      leavesLearn: person(others.leavesLearn),
      changesPassword: person(others.changesPassword),
    };
    this.watcher = person(others.edits);
  }

  /** Signs in everybody who is a guest now. */
  async gather(): Promise<void> {
    await inTurn([...this.learners, this.watcher, ...Object.values(this.others)], async (person) => {
      for (let tries = 0; (await isGuest(person)) && tries < SIGN_IN_TRIES; tries++) {
        await person.signIn();
        await person.ask(frontPage);
      }
    });
  }

  /** Learners who are guests now. */
  async countLoggedOut(): Promise<number> {
    let count = 0;
    await inTurn(this.learners, async (person) => {
      if (await isGuest(person)) count++;
    });
    return count;
  }
}

/** Makes the second app known to the browser, which may take a way over the first. */
const frontPage: Ask = { app: 'learn', method: 'GET', path: '/', expects: [200] };

async function isGuest(person: Person): Promise<boolean> {
  const ask = me('dashboard');
  return !person.hasCookies || isGuestAnswer(ask, await person.ask(ask));
}

/** Runs it for all, a few at a time. */
export async function inTurn<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

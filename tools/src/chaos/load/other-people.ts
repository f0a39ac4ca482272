import { type Recorder } from '../measure/recorder.js';
import { type Ask } from './ask.js';
import { type Crowd } from './crowd.js';
import { signIn, type Person } from './person.js';
import { me } from './routes.js';
import { type Answer } from './send.js';

/** A cookie that must not work any more: its session was ended, and the answer said so. */
export interface EndedSession {
  readonly person: Person;
  readonly cookie: string;
}

const logout = (app: Ask['app']): Ask => ({ app, method: 'POST', path: '/api/logout', expects: [204] });
const changes = { app: 'dashboard', mayRefuse: true } as const;
const revokeOthers: Ask = {
  ...changes,
  method: 'DELETE',
  path: '/api/devices?except=current',
  expects: [204],
};

/** The five who sign out, revoke, edit and change passwords, each one thing after the other. */
export class OtherPeople {
  readonly ended: EndedSession[] = [];
  #round = 0;
  #doubtful: string | undefined;

  constructor(
    private readonly crowd: Crowd,
    private readonly recorder: Recorder,
  ) {}

  /** One thing that one of them does; they take turns. */
  async act(): Promise<void> {
    const { leavesDashboard, leavesLearn, revokes, edits, changesPassword } = this.crowd.others;
    const acts = [
      () => this.#leave(leavesDashboard, 'dashboard'),
      () => this.#revoke(revokes),
      () => this.#edit(edits),
      () => this.#leave(leavesLearn, 'learn'),
      () => this.#changePassword(changesPassword),
    ];
    await acts[this.#round++ % acts.length]?.();
  }

  /** How many ended sessions work all the same. */
  async countRevived(): Promise<number> {
    let revived = 0;
    for (const { person, cookie } of this.ended)
      if ((await person.ask(me('dashboard'), cookie)).status === 200) revived++;
    return revived;
  }

  // Whoever is to leave has come before: so there are sign-outs in an outage as well, when nobody can sign in.
  async #leave(person: Person, app: Ask['app']): Promise<void> {
    const cookie = person.cookiesFor('dashboard');
    if (cookie !== '' && (await this.#ask(person, logout(app))).status === 204)
      this.ended.push({ person, cookie });
    await this.#signIn(person);
  }

  async #revoke(person: Person): Promise<void> {
    const cookie = person.cookiesFor('dashboard');
    if (!(await this.#signIn(person))) return;
    if (cookie !== '' && (await this.#ask(person, revokeOthers)).status === 204)
      this.ended.push({ person, cookie });
  }

  async #edit(person: Person): Promise<void> {
    if (!person.hasCookies && !(await this.#signIn(person))) return;
    const body = { title: 'The upgrade runbook', markdown: `Edited in round ${this.#round}.` };
    const path = '/api/lessons/the-upgrade-runbook';
    await this.#ask(person, { app: 'dashboard', method: 'PUT', path, body, expects: [200] });
  }

  async #changePassword(person: Person): Promise<void> {
    if (!person.hasCookies && !(await this.#signIn(person))) return;
    const newPassword = `correct horse ${this.#round}`;
    const body = { currentPassword: person.account.password, newPassword };
    const ask: Ask = {
      ...changes,
      method: 'POST',
      path: '/api/account/password',
      body,
      expects: [204],
      isHashing: true,
    };
    const { status } = await this.#ask(person, ask);
    if (status === 204) {
      person.account.password = newPassword;
    } else {
      // Nobody knows which password holds now: the next sign-in will tell.
      this.#doubtful = newPassword;
      person.forgetCookies();
    }
  }

  async #signIn(person: Person): Promise<boolean> {
    const { phase } = this.recorder;
    let answer = await person.signIn();
    // A change that was answered with an error may have been made all the same.
    if (answer.status === 401 && person === this.crowd.others.changesPassword && this.#doubtful) {
      person.account.password = this.#doubtful;
      this.#doubtful = undefined;
      answer = await person.signIn();
    }
    this.recorder.record(signIn(person.account), answer, phase);
    return answer.status === 200;
  }

  async #ask(person: Person, ask: Ask): Promise<Answer> {
    const { phase } = this.recorder;
    const answer = await person.ask(ask);
    this.recorder.record(ask, answer, phase);
    return answer;
  }
}

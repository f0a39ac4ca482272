import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { Platform } from '@trivet/tools';
import { Visitor } from './visitor.js';

// Importing this file gives a spec a platform of its own: it is started before the tests and ended after them.

/** The platform of this spec file. */
export let platform: Platform;

/** Somebody whom neither app has met: another one in each test. */
export let guest: Visitor;

let learners = 0;

/** A learner whom no other test uses. */
export const nextName = (): string => `learner-${String((learners += 1)).padStart(3, '0')}`;

/** The same, signed in. */
export const learner = (): Promise<Visitor> => Visitor.signedIn(platform, nextName());

beforeAll(async () => {
  platform = await Platform.start();
}, 120_000);

beforeEach(() => {
  guest = new Visitor(platform);
});

afterAll(() => platform?.stop());

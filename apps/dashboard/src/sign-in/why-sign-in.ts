import type { SessionEnd } from '@trivet/session';

/** What the sign-in page tells somebody who was signed in before. */
export const whySignIn: Readonly<Record<SessionEnd, string>> = {
  idle: 'You were away for long enough that your sign-in has ended. Please sign in again.',
  absolute: 'Your sign-in has reached its longest allowed time. Please sign in again.',
  ended:
    'Your sign-in was ended elsewhere: on another of your devices, by a new password, or by an operator. Please sign in again.',
  unconfirmed:
    'This browser holds a sign-in, but nothing confirms that it is yours, so it is not used. Please sign in again.',
  doubled:
    'This browser sent two sign-ins at once, so neither was used. The strange one has been cleared: open your page again, or sign in.',
};

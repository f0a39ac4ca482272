import type { FlashMessage } from '@trivet/ui';

/** What a page says after the redirect that follows a form. The address carries the key, never a text. */
const notices = {
  'signed-out': { tone: 'success', text: 'You are signed out of all sites.' },
  'password-changed': {
    tone: 'success',
    text: 'Your password is changed, and your other devices are signed out.',
  },
  'device-signed-out': { tone: 'success', text: 'That device is signed out.' },
  'others-signed-out': { tone: 'success', text: 'All your other devices are signed out.' },
  'person-signed-out': { tone: 'success', text: 'This person is signed out on every device.' },
  'sessions-ended': { tone: 'success', text: 'The sessions are ended, yours too.' },
  'lesson-saved': { tone: 'success', text: 'The lesson is saved.' },
  'lesson-completed': { tone: 'success', text: 'Well done: this lesson is completed.' },
  'note-saved': { tone: 'success', text: 'Your note is on its way.' },
  'digest-asked': { tone: 'success', text: 'Your week is on its way to you.' },
  'digest-weekly': { tone: 'success', text: 'Your week will come by mail each Monday.' },
  'digest-never': { tone: 'success', text: 'Your week will not come by mail any more.' },
  'jobs-redriven': { tone: 'success', text: 'The jobs are on their way again.' },
} as const satisfies Record<string, FlashMessage>;

/** The key of a notice. */
export type Notice = keyof typeof notices;

/** The notice that a request's `?notice=` names, if it names one. */
export function noticeOf(key: unknown): FlashMessage | undefined {
  return typeof key === 'string' && Object.hasOwn(notices, key) ? notices[key as Notice] : undefined;
}

/** A path that shows a notice. */
export function withNotice(path: string, notice: Notice): string {
  return `${path}${path.includes('?') ? '&' : '?'}notice=${notice}`;
}

import { Alert } from '../components/alert.js';
import { groupWords, isGroupName } from '../groups.js';
import { formatSpan } from '../moment.js';
import type { PageContext, SessionInfo } from '../page-context.js';

const ENDS_SOON_MS = 30 * 60_000;

/** Says calmly which part of the service is degraded and what that means here. */
export const DegradedBanner = ({ degraded }: { readonly degraded: readonly string[] }) => {
  const groups = degraded.filter(isGroupName);
  if (groups.length === 0) return null;
  return (
    <div class="degraded" role="status">
      <ul>
        {groups.map((group) => (
          <li key={group} class={group}>
            <strong>{groupWords[group].degraded}</strong> {groupWords[group].notice}
          </li>
        ))}
      </ul>
    </div>
  );
};

const endOf = ({ mode, idleExpiresAt, absoluteExpiresAt }: SessionInfo, now: Date) => {
  const idleMs = new Date(idleExpiresAt).getTime() - now.getTime();
  const absoluteMs = new Date(absoluteExpiresAt).getTime() - now.getTime();
  if (absoluteMs <= idleMs) {
    return {
      leftMs: absoluteMs,
      advice: 'It has reached its longest allowed time. Finish what you are writing, then sign in again.',
    };
  }
  return {
    leftMs: idleMs,
    advice:
      mode === 'live'
        ? 'Open any page before then to stay signed in.'
        : 'It is renewed as soon as the session store is back.',
  };
};

/** Warns of a sign-in that is about to end, and of one with reduced rights. */
export const SessionNotice = ({ context }: { readonly context: PageContext }) => {
  const { session, user, now } = context;
  if (!session || !user) return null;
  const { leftMs, advice } = endOf(session, now);
  return (
    <>
      {session.mode === 'reduced' && (
        <Alert tone="info" title="You are signed in with reduced rights.">
          Reading, lessons and notes work. Password, e-mail and role changes come back with the session store.
        </Alert>
      )}
      {leftMs <= ENDS_SOON_MS && (
        <Alert tone="warning" title={`Your sign-in ends in ${formatSpan(leftMs)}.`}>
          {advice}
        </Alert>
      )}
    </>
  );
};

/** What the form that led here has done. */
export const Flashes = ({ flash = [] }: Pick<PageContext, 'flash'>) => (
  <>
    {flash.map(({ tone, text }) => (
      <Alert key={text} tone={tone}>
        {text}
      </Alert>
    ))}
  </>
);

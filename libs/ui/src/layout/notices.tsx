import { Alert } from '../components/alert.js';
import { groupWords, isGroupName } from '../groups.js';
import { formatSpan } from '../moment.js';
import type { PageContext, SessionInfo } from '../page-context.js';
import { signInUrl } from './sign-in-url.js';

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

const absoluteAdvice =
  'It has reached its longest allowed time. Finish what you are writing, then sign in again.';
const idleAdvice = (mode: SessionInfo['mode']) =>
  mode === 'live'
    ? 'Open any page before then to stay signed in.'
    : 'It is renewed as soon as the session store is back.';

/** Warns of the end of a sign-in. Its script goes on counting from the cookie that both sites renew, so it has the words as well. */
const EndingNotice = ({ context, session }: { context: PageContext; session: SessionInfo }) => {
  const { now } = context;
  const idleMs = new Date(session.idleExpiresAt).getTime() - now.getTime();
  const absoluteMs = new Date(session.absoluteExpiresAt).getTime() - now.getTime();
  const leftMs = Math.min(idleMs, absoluteMs);
  const words = {
    'data-warn-ms': ENDS_SOON_MS,
    'data-idle': idleAdvice(session.mode),
    'data-absolute': absoluteAdvice,
    'data-sign-in': signInUrl(context),
  };
  return (
    <div id="ending" role="status" {...words}>
      {leftMs <= ENDS_SOON_MS && (
        <div class="alert warning">
          <strong>{`Your sign-in ends in ${formatSpan(leftMs)}.`}</strong>
          <div>{absoluteMs <= idleMs ? absoluteAdvice : words['data-idle']}</div>
        </div>
      )}
    </div>
  );
};

/** Warns of a sign-in that is about to end, and of one with reduced rights. */
export const SessionNotice = ({ context }: { readonly context: PageContext }) => {
  const { session, user } = context;
  if (!session || !user) return null;
  return (
    <>
      {session.mode === 'reduced' && (
        <Alert tone="info" title="You are signed in with reduced rights.">
          Reading, lessons and notes work. Password, e-mail and role changes come back with the session store.
        </Alert>
      )}
      <EndingNotice context={context} session={session} />
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

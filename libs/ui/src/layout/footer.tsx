import { formatSpan } from '../moment.js';
import type { Instant, PageContext, SessionInfo } from '../page-context.js';

const SignInSpan = ({ session, now }: { readonly session: SessionInfo; readonly now: Date }) => {
  const left = (end: Instant) => formatSpan(new Date(end).getTime() - now.getTime());
  return (
    <p>
      You stay signed in for {left(session.idleExpiresAt)} without opening a page, and for{' '}
      {left(session.absoluteExpiresAt)} at most.
    </p>
  );
};

/** The foot of every page: the way to both sites, and how long this sign-in lasts. */
export const Footer = ({ context: { links, user, session, now } }: { readonly context: PageContext }) => (
  <footer class="foot">
    <div class="foot-row">
      <p>
        <a href={`${links.dashboard}/`}>Dashboard</a> <a href={`${links.learn}/`}>Courses</a>
      </p>
      {user && session && <SignInSpan session={session} now={now} />}
    </div>
  </footer>
);

import { Moment } from '../moment.js';
import type { PageContext } from '../page-context.js';

/** The foot of every page: the way to both sites, and how long this sign-in lasts. */
export const Footer = ({ context: { links, user, session } }: { readonly context: PageContext }) => (
  <footer class="foot">
    <div class="foot-row">
      <p>
        <a href={`${links.dashboard}/`}>Dashboard</a> <a href={`${links.learn}/`}>Courses</a>
      </p>
      {user && session && (
        <p>
          Signed in until <Moment at={session.idleExpiresAt} /> unless you come back before, and until{' '}
          <Moment at={session.absoluteExpiresAt} /> at the latest.
        </p>
      )}
    </div>
  </footer>
);

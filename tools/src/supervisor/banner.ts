import { type Platform } from '../platform/platform.js';

const demoAccounts = `ada@trivet.localhost, grace@trivet.localhost, learner-001 to learner-050@trivet.localhost,
               root@trivet.localhost (operator); the password of all is: correct horse`;

const ownAccounts = 'npm run user -- add EMAIL --name NAME --role learner|operator';

const keys = `
  Keys: 1 2 3 kill or start the session, cache, queue Redis; h1 h2 h3 hang or resume it; ? this help; q stop everything
`;

/** What decides about the lines of the banner. */
export interface BannerOptions {
  readonly hasDemoAccounts: boolean;
  readonly readsKeys: boolean;
}

/** Where everything is, who may sign in, what to try. */
export function banner(
  { urls, management, mail }: Platform,
  { hasDemoAccounts, readsKeys }: BannerOptions,
): string {
  return `
  Dashboard    ${urls.dashboard}
  Learn        ${urls.learn}
  Mail         ${mail.pageUrl} (what was sent to whomever ends here)
  Accounts     ${hasDemoAccounts ? demoAccounts : ownAccounts}
  Health       ${Object.values(management).join(', ')} (/health, /metrics)

  Try, in another terminal, while you click around:

    npm run redis -- kill session     you stay signed in, in both apps
    npm run redis -- kill cache       the lessons still come
    npm run redis -- kill queue       ask for a certificate: the PDF still arrives
    npm run redis -- hang session     worse than dead: it accepts everything and never answers
    npm run redis -- status           which of them are up
    npm run redis -- start session    as before within a second, without a restart
${readsKeys ? keys : '\n  Ctrl-C stops everything.\n'}
`;
}

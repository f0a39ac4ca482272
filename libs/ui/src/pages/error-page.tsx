import { ButtonLink } from '../components/button.js';
import { Layout } from '../layout/layout.js';
import type { PageContext } from '../page-context.js';

/** Props of {@link ErrorPage}. */
export interface ErrorPageProps {
  readonly context: PageContext;
  readonly status: number;
  readonly title: string;
  /** What happened and what to do, in a sentence for people. */
  readonly message: string;
  /** Finds the request in the logs. */
  readonly requestId: string;
  /** When trying again makes sense, as in Retry-After. */
  readonly retryAfterSeconds?: number;
}

const seconds = (count: number) => `${count} ${count === 1 ? 'second' : 'seconds'}`;

/** The answer for people when a request was refused or failed. */
export const ErrorPage = ({
  context,
  status,
  title,
  message,
  requestId,
  retryAfterSeconds,
}: ErrorPageProps) => (
  <Layout context={context} title={title}>
    <div class="error-page">
      <p class="error-status">
        <span class="hidden">Error </span>
        {status}
      </p>
      <div>
        <h1>{title}</h1>
        <p class="lead">{message}</p>
        {retryAfterSeconds !== undefined && <p>Please try again in {seconds(retryAfterSeconds)}.</p>}
        <p class="actions">
          <ButtonLink href={`${context.links[context.app]}/`}>Back to the start</ButtonLink>
        </p>
        <p class="fine">
          Request <code>{requestId}</code>
        </p>
      </div>
    </div>
  </Layout>
);

import type { Digest } from '@trivet/academy';
import { Button, Card, Form, Layout, Moment, ProgressBar, type SignedInContext } from '@trivet/ui';

/** Props of {@link DigestPage}. */
export interface DigestPageProps {
  readonly context: SignedInContext;
  readonly digest: Digest;
  /** Whether it comes by mail each week. */
  readonly isWeekly: boolean;
}

const News = ({ digest }: Pick<DigestPageProps, 'digest'>) => {
  const lately = digest.courses.filter((course) => course.lately > 0);
  const isQuiet = lately.length + digest.certificates.length + digest.notes === 0;
  if (isQuiet) return <p>Nothing yet.</p>;
  return (
    <ul>
      {lately.map(({ title, lately: count }) => (
        <li key={title}>
          {title}: {count} {count === 1 ? 'lesson' : 'lessons'} completed
        </li>
      ))}
      {digest.certificates.map((title) => (
        <li key={title}>Certificate of {title}</li>
      ))}
      {digest.notes > 0 && (
        <li>
          {digest.notes} {digest.notes === 1 ? 'note' : 'notes'} written
        </li>
      )}
    </ul>
  );
};

const ByMail = ({ context, isWeekly }: Omit<DigestPageProps, 'digest'>) => (
  <Card id="mail" title="By mail">
    <p>
      To {context.user.email}. {isWeekly ? 'It comes each Monday morning.' : 'It does not come by itself.'}
    </p>
    <div class="actions">
      <Form action="/digest/send" inline>
        <Button>Send it now</Button>
      </Form>
      <Form action="/digest/weekly" hidden={{ wanted: isWeekly ? 'no' : 'yes' }} inline>
        <Button look="secondary">{isWeekly ? 'Stop sending it each week' : 'Send it each week'}</Button>
      </Form>
    </div>
  </Card>
);

/** What one has done in the last seven days, what comes next, and the same by mail. */
export const DigestPage = ({ context, digest, isWeekly }: DigestPageProps) => (
  <Layout
    context={context}
    title="Your week"
    crumbs={[{ label: 'Courses', href: '/' }, { label: 'Your week' }]}
  >
    <h1>Your week</h1>
    <p class="lead">
      From <Moment at={digest.period.from} /> to <Moment at={digest.period.until} />
    </p>
    <Card id="news" title="This week">
      <News digest={digest} />
      {digest.next && (
        <p>
          Next: <a href={`/lessons/${digest.next.slug}`}>{digest.next.title}</a>
        </p>
      )}
    </Card>
    <Card id="standing" title="So far">
      {digest.courses.map(({ title, completed, total }) => (
        <div key={title}>
          <h3>{title}</h3>
          <ProgressBar label={title} done={completed} total={total} unit="lessons" />
        </div>
      ))}
    </Card>
    <ByMail context={context} isWeekly={isWeekly} />
  </Layout>
);

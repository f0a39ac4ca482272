import type { QueueStanding, ScheduleStanding } from '@trivet/queue';
import {
  Alert,
  Card,
  EmptyState,
  formatSpan,
  Layout,
  Moment,
  Table,
  type Column,
  type SignedInContext,
} from '@trivet/ui';
import { DeadLettersCard, type DeadLettersShown } from './dead-letters-card.js';

export type { DryRun } from './dead-letters-card.js';

/** Props of {@link QueuesPage}. */
export interface QueuesPageProps {
  readonly context: SignedInContext;
  readonly queues: readonly QueueStanding[];
  readonly dead: DeadLettersShown;
}

const state = (header: string, name: string): Column<QueueStanding> => ({
  header,
  cell: ({ counts }) => counts?.[name] ?? '?',
});

const queueColumns: readonly Column<QueueStanding>[] = [
  { header: 'Queue', cell: ({ queue }) => <strong>{queue}</strong> },
  state('Waiting', 'waiting'),
  state('Active', 'active'),
  state('Delayed', 'delayed'),
  state('Done lately', 'completed'),
  { header: 'In the outbox', cell: ({ outbox }) => outbox.rows },
  {
    header: 'Oldest there',
    cell: ({ outbox }) => (outbox.oldestSeconds > 0 ? formatSpan(outbox.oldestSeconds * 1_000) : 'none due'),
  },
  { header: 'Sent, not done', cell: ({ underWay }) => underWay },
];

const scheduleColumns = (now: Date): readonly Column<ScheduleStanding>[] => [
  { header: 'Schedule', cell: ({ name }) => <strong>{name}</strong> },
  { header: 'Job', cell: ({ job }) => <code>{job}</code> },
  {
    header: 'When',
    cell: ({ cron, timeZone, everyMs }) =>
      cron ? `${cron} (${timeZone ?? 'UTC'})` : `every ${formatSpan(everyMs ?? 0)}`,
  },
  { header: 'Next', cell: ({ next }) => (next ? <Moment at={next} from={now} /> : 'unknown') },
];

const Schedules = ({ queues, now }: { readonly queues: readonly QueueStanding[]; readonly now: Date }) => {
  if (queues.some(({ schedules }) => schedules === undefined))
    return <p>They are in Redis, which does not answer.</p>;
  const schedules = queues.flatMap((queue) => queue.schedules ?? []);
  if (schedules.length === 0)
    return <EmptyState title="No schedule">None has been set up by a worker yet.</EmptyState>;
  return (
    <Table
      caption="Schedules"
      columns={scheduleColumns(now)}
      rows={schedules}
      rowKey={({ name, job }) => `${job} ${name}`}
    />
  );
};

/** What the queues hold, in Redis and in the outbox, what comes again, and what could not be done. */
export const QueuesPage = ({ context, queues, dead }: QueuesPageProps) => (
  <Layout
    context={context}
    title="Queues"
    crumbs={[{ label: 'Operations', href: '/operations' }, { label: 'Queues' }]}
  >
    <h1>Queues</h1>
    {queues.some(({ counts }) => counts === undefined) && (
      <Alert tone="warning" title="The queue’s Redis does not answer.">
        What it holds is not known now. Workers take jobs from the outbox meanwhile.
      </Alert>
    )}
    <Card id="queues" title="Jobs">
      <Table
        caption="Queues and what they hold"
        columns={queueColumns}
        rows={queues}
        rowKey={({ queue }) => queue}
      />
    </Card>
    <DeadLettersCard context={context} {...dead} />
    <Card id="schedules" title="Schedules">
      <Schedules queues={queues} now={context.now} />
    </Card>
  </Layout>
);

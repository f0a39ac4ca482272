import type { DeadLetter, DeadLetterCount, DeadLetterFilter } from '@trivet/queue';
import {
  Alert,
  Button,
  ButtonLink,
  Card,
  EmptyState,
  Field,
  Form,
  Moment,
  Table,
  type Column,
  type PageContext,
} from '@trivet/ui';

/** What a dry run found. */
export interface DryRun {
  readonly jobs: number;
  readonly rate: number | undefined;
}

/** The dead letters of a page. */
export interface DeadLettersShown {
  /** All there are, by kind. */
  readonly kinds: readonly DeadLetterCount[];
  /** The newest that the filter lets through. */
  readonly letters: readonly DeadLetter[];
  readonly filter: DeadLetterFilter;
  readonly dryRun?: DryRun;
}

/** Props of {@link DeadLettersCard}. */
export interface DeadLettersCardProps extends DeadLettersShown {
  readonly context: PageContext;
}

const reasons: Readonly<Record<DeadLetter['reason'], string>> = {
  failed: 'Every try failed',
  poison: 'Cannot be read or sent',
  'too-old': 'Waited for too long',
};

const kindColumns: readonly Column<DeadLetterCount>[] = [
  { header: 'Job', cell: ({ job }) => <code>{job}</code> },
  { header: 'Reason', cell: ({ reason }) => reasons[reason] },
  { header: 'How many', cell: ({ count }) => count },
  {
    header: 'Show',
    action: true,
    cell: ({ queue, job, reason }) => (
      <ButtonLink
        look="secondary"
        href={`/operations/queues?${new URLSearchParams({ queue, job, reason }).toString()}#dead`}
        label={`Show: ${job}, ${reasons[reason]}`}
      >
        Show
      </ButtonLink>
    ),
  },
];

const letterColumns = (now: Date): readonly Column<DeadLetter>[] => [
  { header: 'Died', cell: ({ diedAt }) => <Moment at={diedAt} from={now} /> },
  { header: 'Job', cell: ({ job }) => <code>{job}</code> },
  { header: 'Error', cell: ({ error }) => error },
  { header: 'Tries', cell: ({ attempts }) => attempts },
  { header: 'Id', cell: ({ id }) => <code>{id}</code> },
  {
    header: 'Redrive',
    action: true,
    cell: ({ id }) => (
      <Form action="/operations/queues/redrive" hidden={{ id, go: 'redrive' }} inline>
        <Button look="secondary" label={`Redrive ${id}`}>
          Redrive
        </Button>
      </Form>
    ),
  },
];

const fieldsOf = ({ queue, job, reason }: DeadLetterFilter) => ({
  queue: queue ?? '',
  job: job ?? '',
  reason: reason ?? '',
});

const nameOf = ({ job, reason }: DeadLetterFilter): string =>
  job === undefined ? 'All dead letters' : `${job}${reason ? `: ${reasons[reason]}` : ''}`;

const matching = (kinds: readonly DeadLetterCount[], { queue, job, reason }: DeadLetterFilter): number =>
  kinds
    .filter(
      (kind) =>
        (!queue || kind.queue === queue) && (!job || kind.job === job) && (!reason || kind.reason === reason),
    )
    .reduce((sum, { count }) => sum + count, 0);

const Redrive = ({
  filter,
  dryRun,
  count,
}: Pick<DeadLettersShown, 'filter' | 'dryRun'> & { readonly count: number }) => (
  <Form action="/operations/queues/redrive" label="Redrive" hidden={fieldsOf(filter)}>
    {dryRun && (
      <Alert tone="info" title="Dry run">
        {dryRun.jobs} {dryRun.jobs === 1 ? 'job' : 'jobs'} would be redriven
        {dryRun.rate && `, ${dryRun.rate} a second`}. Nothing has been changed.
      </Alert>
    )}
    <Field
      name="rate"
      label="Jobs a second"
      hint="Empty: all at once."
      value={dryRun?.rate === undefined ? '' : String(dryRun.rate)}
      maxLength={5}
    />
    <div class="actions">
      <Button look="secondary" name="go" value="dry-run">
        Dry run
      </Button>
      <Button name="go" value="redrive">
        {`Redrive ${count}`}
      </Button>
    </div>
  </Form>
);

/** Jobs that were accepted and could not be done: by kind, one by one, and the way to try them again. */
export const DeadLettersCard = ({ context, kinds, letters, filter, dryRun }: DeadLettersCardProps) => {
  const count = matching(kinds, filter);
  return (
    <Card id="dead" title="Dead letters">
      {kinds.length === 0 && (
        <EmptyState title="None">Every accepted job has been done, or will be.</EmptyState>
      )}
      {kinds.length > 0 && (
        <>
          <Table
            caption="Dead letters by kind"
            columns={kindColumns}
            rows={kinds}
            rowKey={({ queue, job, reason }) => `${queue} ${job} ${reason}`}
          />
          <h3>{nameOf(filter)}</h3>
          {filter.job !== undefined && (
            <p>
              <a href="/operations/queues#dead">Show all</a>
            </p>
          )}
          {count > 0 && <Redrive filter={filter} dryRun={dryRun} count={count} />}
          <Table
            caption="The newest dead letters"
            columns={letterColumns(context.now)}
            rows={letters}
            rowKey={({ id }) => id}
          />
        </>
      )}
    </Card>
  );
};

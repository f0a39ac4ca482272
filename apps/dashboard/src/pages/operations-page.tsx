import { Badge, ButtonLink, groupWords, Layout, Moment, type SignedInContext, type Tone } from '@trivet/ui';
import type { GroupState } from './group-state.js';
import { Tripod } from './tripod.js';

/** Props of {@link OperationsPage}. */
export interface OperationsPageProps {
  readonly context: SignedInContext;
  readonly groups: readonly GroupState[];
}

const states: Readonly<Record<GroupState['state'], readonly [Tone, string]>> = {
  up: ['success', 'Up'],
  degraded: ['warning', 'Degraded'],
  down: ['danger', 'Down'],
};

const summary = (groups: readonly GroupState[]): string => {
  const lost = groups.filter(({ state }) => state !== 'up').length;
  if (lost === 0) return 'All three groups are up.';
  return `${lost} of ${groups.length} groups ${lost === 1 ? 'is' : 'are'} not up. The platform keeps serving.`;
};

const Group = ({ group, now }: { readonly group: GroupState; readonly now: Date }) => {
  const [tone, text] = states[group.state];
  return (
    <section class={`leg ${group.group}`} aria-labelledby={group.group}>
      <div class="leg-head">
        <h2 id={group.group}>{groupWords[group.group].name}</h2>
        <Badge tone={tone}>{text}</Badge>
      </div>
      <p class="fine">
        Changed <Moment at={group.since} from={now} />
        {group.reason && `: ${group.reason}`}
      </p>
      <dl>
        <dt>Its loss means</dt>
        <dd>{group.lossMeans}</dd>
        <dt>Meanwhile</dt>
        <dd>{group.meanwhile}</dd>
      </dl>
    </section>
  );
};

/** The three legs the platform stands on, and what the loss of each means. */
export const OperationsPage = ({ context, groups }: OperationsPageProps) => (
  <Layout context={context} title="Operations">
    <h1>Operations</h1>
    <p class="lead">{summary(groups)}</p>
    <p>
      <a href="/operations/queues">Queues, outbox, schedules and dead letters</a>
    </p>
    <div>
      <Tripod states={groups} />
      <div class="legs">
        {groups.map((group) => (
          <Group key={group.group} group={group} now={context.now} />
        ))}
      </div>
    </div>
    <div class="actions">
      <ButtonLink look="secondary" href="/operations/sessions">
        End sessions
      </ButtonLink>
    </div>
  </Layout>
);

import { expect, it } from '@jest/globals';
import type { DeadLetter, QueueStanding } from '@trivet/queue';
import { describePages, hostileUser, parsePage, signedInContext } from '@trivet/ui/testing';
import type { DeadLettersShown } from './dead-letters-card.js';
import { QueuesPage } from './queues-page.js';

const mail: QueueStanding = {
  queue: 'mail',
  counts: { waiting: 3, active: 1, delayed: 2, failed: 0, completed: 40 },
  schedules: [
    {
      name: 'weekly-digests',
      job: 'academy.plan-digests',
      cron: '0 6 * * 1',
      timeZone: 'UTC',
      everyMs: undefined,
      next: new Date('2026-07-20T06:00:00Z'),
    },
  ],
  outbox: { rows: 12, bytes: 900, oldestSeconds: 150 },
  underWay: 5,
};
const unknown: QueueStanding = { ...mail, counts: undefined, schedules: undefined };

const letter: DeadLetter = {
  id: '0198d6a2-6c4e-7cc4-9a53-6f1a2b9d7e10',
  queue: 'mail',
  job: 'academy.send-digest',
  version: 1,
  payload: { secret: 'of the person' },
  reason: 'failed',
  error: 'MailNotSentError: <refused>',
  attempts: 12,
  addedAt: new Date('2026-07-14T07:00:00Z'),
  diedAt: new Date('2026-07-14T09:27:00Z'),
};
const kinds = [
  { queue: 'mail', job: 'academy.send-digest', reason: 'failed', count: 7 },
  { queue: 'notes', job: 'academy.append-note', reason: 'too-old', count: 2 },
] as const;

const page = (dead: Partial<DeadLettersShown> = {}, queues: readonly QueueStanding[] = [mail]) => (
  <QueuesPage
    context={signedInContext({
      app: 'dashboard',
      path: '/operations/queues',
      user: { ...hostileUser, roles: ['operator'] },
    })}
    queues={queues}
    dead={{ kinds, letters: [letter], filter: {}, ...dead }}
  />
);
const quiet = page({ kinds: [], letters: [] }, [{ ...mail, schedules: [] }]);
const filter = { queue: 'mail', job: 'academy.send-digest', reason: 'failed' } as const;

describePages({
  'queues with dead letters': page(),
  'queues with nothing dead and nothing planned': quiet,
  'queues while their Redis is away': page({}, [unknown]),
  'queues after a dry run': page({ filter, dryRun: { jobs: 7, rate: 5 } }),
});

it('says what each queue holds, in Redis and in the outbox', () => {
  const cells = parsePage(page())('#queues tbody td');
  expect(cells.map((_, cell) => parsePage(page())(cell).text()).get()).toEqual([
    'mail',
    '3',
    '1',
    '2',
    '40',
    '12',
    '2 min',
    '5',
  ]);
});

it('admits what it cannot know while Redis is away', () => {
  const $ = parsePage(page({}, [unknown]));
  expect($('main .alert').text()).toContain('The queue’s Redis does not answer.');
  expect($('#queues tbody').text()).toContain('?');
  expect($('#schedules').text()).toContain('which does not answer');
});

it('shows schedules and when they come next', () => {
  expect(parsePage(page())('#schedules tbody').text()).toMatch(
    /weekly-digests.*0 6 \* \* 1 \(UTC\).*in 5 days/,
  );
});

it('narrows dead letters by kind, and redrives what is shown and no more', () => {
  expect(parsePage(page())('#dead a.button').first().attr('href')).toBe(
    '/operations/queues?queue=mail&job=academy.send-digest&reason=failed#dead',
  );
  const form = (filter: DeadLettersShown['filter']) => {
    const $ = parsePage(page({ filter }));
    const all = $('form[aria-label=Redrive]');
    return [all.find('[name=job]').attr('value'), all.find('[value=redrive]').text()];
  };
  expect(form(filter)).toEqual(['academy.send-digest', 'Redrive 7']);
  expect(form({})).toEqual(['', 'Redrive 9']);
});

it('says what a dry run found and keeps its rate', () => {
  const $ = parsePage(page({ filter, dryRun: { jobs: 7, rate: 5 } }));
  expect($('#dead .alert').text()).toContain('7 jobs would be redriven, 5 a second');
  expect($('[name=rate]').attr('value')).toBe('5');
});

it('redrives one by its id, and shows nobody’s payload', () => {
  const $ = parsePage(page());
  expect($('[name=id]').attr('value')).toBe(letter.id);
  expect($.html()).not.toContain('of the person');
});

import { expect, it } from '@jest/globals';
import { describePages, hostileUser, parsePage, signedInContext } from '@trivet/ui/testing';
import type { GroupState } from './group-state.js';
import { OperationsPage } from './operations-page.js';

const group = (name: GroupState['group'], state: GroupState['state']): GroupState => ({
  group: name,
  state,
  since: '2026-07-14T09:27:00Z',
  reason: state === 'up' ? undefined : 'connection <refused>',
  lossMeans: `What the loss of ${name} means.`,
  meanwhile: 'What happens meanwhile.',
});

const operations = (...states: readonly [GroupState['state'], GroupState['state'], GroupState['state']]) => (
  <OperationsPage
    context={signedInContext({
      app: 'dashboard',
      path: '/operations',
      user: { ...hostileUser, roles: ['operator'] },
    })}
    groups={[group('session', states[0]), group('cache', states[1]), group('queue', states[2])]}
  />
);

describePages({
  'operations on three legs': operations('up', 'up', 'up'),
  'operations on one leg': operations('up', 'degraded', 'down'),
});

it.each([
  [operations('up', 'up', 'up'), 'All three groups are up.'],
  [operations('up', 'up', 'down'), '1 of 3 groups is not up. The platform keeps serving.'],
  [operations('down', 'degraded', 'down'), '3 of 3 groups are not up. The platform keeps serving.'],
])('sums the groups up (%#)', (page, text) => {
  expect(parsePage(page)('.lead').text()).toBe(text);
});

it('says of each group how it is, why, and what its loss means', () => {
  const $ = parsePage(operations('up', 'degraded', 'down'));
  const texts = $('.leg')
    .map((_, leg) => $(leg).text())
    .get();
  expect(texts[0]).toContain('SessionsUpChanged 3 minutes ago');
  expect(texts[1]).toContain('CacheDegradedChanged 3 minutes ago: connection <refused>');
  expect(texts[2]).toContain('What the loss of queue means.');
});

it('draws each leg as it is', () => {
  const $ = parsePage(operations('up', 'degraded', 'down'));
  const legs = $('.tripod path').map((_, leg) => $(leg).attr('class'));
  expect(legs.get()).toEqual(['session up', 'cache degraded', 'queue down', 'tripod-top']);
});

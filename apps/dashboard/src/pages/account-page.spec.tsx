import { expect, it } from '@jest/globals';
import { describePages, hostileUser, parsePage, signedInContext } from '@trivet/ui/testing';
import { AccountPage, type AccountPageProps } from './account-page.js';
import type { Device } from './devices-card.js';

const device = (id: string, current: boolean): Device => ({
  id,
  label: 'Firefox <on> Linux',
  app: 'learn',
  current,
  firstSeenAt: '2026-07-13T09:29:00Z',
  lastSeenAt: '2026-07-14T09:18:00Z',
});

const account = (props: Partial<AccountPageProps> = {}) => (
  <AccountPage
    context={signedInContext({ app: 'dashboard', path: '/account' })}
    devices={[device('here', true), device('there', false)]}
    {...props}
  />
);

const reduced = account({
  context: signedInContext({
    app: 'dashboard',
    path: '/account',
    degraded: ['session'],
    session: {
      mode: 'reduced',
      idleExpiresAt: '2026-07-14T09:50:00Z',
      absoluteExpiresAt: '2026-07-14T20:20:00Z',
    },
  }),
  devices: [device('here', true)],
});

describePages({
  account: account(),
  'account after a wrong password': account({
    passwordErrors: { currentPassword: 'Wrong.', newPassword: 'Short.' },
  }),
  'account while the session store is away': reduced,
});

it('shows who is signed in', () => {
  const $ = parsePage(account());
  const facts = $('#profile dd').map((_, dd) => $(dd).text());
  expect(facts.get()).toEqual([hostileUser.name, 'ada@trivet.localhost', 'learner']);
});

it('signs out one device, the others, or all', () => {
  const $ = parsePage(account());
  const actions = $('#devices form').map((_, form) => $(form).attr('action'));
  expect(actions.get()).toEqual([
    '/account/devices/here/revoke',
    '/account/devices/there/revoke',
    '/account/devices/revoke-others',
    '/account/devices/revoke-all',
  ]);
});

it('marks this device only', () => {
  const $ = parsePage(account());
  expect($('#devices .badge')).toHaveLength(1);
  expect($('#devices tbody tr').first().text()).toContain('This device');
});

it('says which password field is wrong', () => {
  const $ = parsePage(account({ passwordErrors: { currentPassword: 'This is not your password.' } }));
  const described = $('input[name=currentPassword]').attr('aria-describedby') ?? '';
  expect($(`#${described}`).text()).toBe('This is not your password.');
  expect($('input[name=newPassword]').attr('aria-invalid')).toBeUndefined();
});

it.each(['replica', 'recent', 'snapshot', 'reduced'] as const)(
  'takes no new password in a %s session',
  (mode) => {
    const session = {
      mode,
      idleExpiresAt: '2026-07-14T13:28:00Z',
      absoluteExpiresAt: '2026-07-14T20:20:00Z',
    };
    const $ = parsePage(account({ context: signedInContext({ session }) }));
    expect($('#password form')).toHaveLength(0);
    expect($('#password').text()).toContain('Not possible at the moment.');
  },
);

it('says that the list of devices is incomplete while the session store is away', () => {
  expect(parsePage(reduced)('#devices [role=status]').text()).toContain('Only this device is shown');
});

import { expect, it } from '@jest/globals';
import { describePages, hostileUser, parsePage, signedInContext } from '@trivet/ui/testing';
import { everybodyPhrase, SessionsPage, type SessionsErrors } from './sessions-page.js';

const operator = { ...hostileUser, roles: ['learner', 'operator'] };
const context = signedInContext({ app: 'dashboard', path: '/operations/sessions', user: operator });
const sessions = (errors: SessionsErrors = {}, email?: string) => (
  <SessionsPage context={context} errors={errors} {...(email === undefined ? {} : { email })} />
);
const unconfirmed = (
  <SessionsPage context={{ ...context, session: { ...context.session!, mode: 'snapshot' } }} />
);

describePages({
  sessions: sessions(),
  'sessions after mistakes': sessions(
    { email: 'Nobody.', personPassword: 'Wrong.', confirmation: 'Type it.', everybodyPassword: 'Wrong.' },
    '"><script>',
  ),
  'sessions while the session store is away': unconfirmed,
});

it('asks for the operator’s own password in both forms, and for the phrase before everybody goes', () => {
  const $ = parsePage(sessions());
  const fields = $('main form').map((_, form) =>
    $(form)
      .find('input:not([type=hidden])')
      .map((_, input) => $(input).attr('name'))
      .get()
      .join(),
  );
  expect(fields.get()).toEqual(['email,password', 'confirmation,password']);
  expect($('#everybody').text()).toContain(everybodyPhrase);
});

it('keeps the address after a wrong password, and says what was wrong where it was', () => {
  const $ = parsePage(sessions({ personPassword: 'Your password is wrong.' }, 'ada@trivet.localhost'));
  expect($('input[name=email]').attr('value')).toBe('ada@trivet.localhost');
  expect($('#person-password-error').text()).toBe('Your password is wrong.');
  expect($('#everybody .field-error')).toHaveLength(0);
});

it('shows no form while the session cannot be confirmed', () => {
  expect(parsePage(unconfirmed)('main form')).toHaveLength(0);
});

import { expect, it } from '@jest/globals';
import { describePages, guestContext, parsePage } from '@trivet/ui/testing';
import { LoginPage, type LoginPageProps } from './login-page.js';

const loginPage = (props: Partial<LoginPageProps> = {}) => (
  <LoginPage context={guestContext({ app: 'dashboard', path: '/login' })} returnTo="/" {...props} />
);

describePages({
  'sign-in': loginPage({ notice: 'Please sign in to see that page.' }),
  'refused sign-in': loginPage({
    email: `"><script>`,
    error: 'The e-mail address or the password is wrong.',
  }),
});

it('lets password managers fill it in', () => {
  const $ = parsePage(loginPage());
  const autocomplete = $('main input:not([type=hidden])').map((_, input) => $(input).attr('autocomplete'));
  expect(autocomplete.get()).toEqual(['username', 'current-password']);
});

it('takes the way back along', () => {
  const $ = parsePage(loginPage({ returnTo: 'http://learn.trivet.localhost:3002/lessons/x?a=1&b="' }));
  expect($('form').attr('action')).toBe('/login');
  expect($('input[name=return_to]').attr('value')).toBe(
    'http://learn.trivet.localhost:3002/lessons/x?a=1&b="',
  );
});

it('keeps the address after a wrong password, and says so at once', () => {
  const $ = parsePage(loginPage({ email: 'ada@trivet.localhost', error: 'Wrong.' }));
  expect($('input[name=email]').attr('value')).toBe('ada@trivet.localhost');
  expect($('input[name=password]').attr('value')).toBeUndefined();
  expect($('[role=alert]').text()).toBe('Wrong.');
});

it('does not lead to itself', () => {
  expect(parsePage(loginPage())('a[href*="/login"]')).toHaveLength(0);
});

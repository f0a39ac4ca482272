import { expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { renderToString } from 'preact-render-to-string';
import { Alert } from './alert.js';
import { Breadcrumbs } from './breadcrumbs.js';
import { CsrfToken, Form } from './form.js';
import { ProgressBar } from './progress-bar.js';
import { Table } from './table.js';

it('posts a form with the token of the request and its hidden fields', () => {
  const $ = load(
    renderToString(
      <CsrfToken.Provider value={'a"b'}>
        <Form action="/notes" hidden={{ return_to: '/lessons/x' }}>
          <p>Text</p>
        </Form>
      </CsrfToken.Provider>,
    ),
  );
  expect($('form').attr()).toMatchObject({ method: 'post', action: '/notes' });
  expect($('input[name=_csrf]').attr('value')).toBe('a"b');
  expect($('input[name=return_to]').attr('value')).toBe('/lessons/x');
});

it('posts a form without a token when the request has none', () => {
  const $ = load(
    renderToString(
      <Form action="/login">
        <p>Text</p>
      </Form>,
    ),
  );
  expect($('input')).toHaveLength(0);
});

it('keeps a table a table where its rows become blocks', () => {
  const $ = load(
    renderToString(
      <Table
        caption="Devices"
        columns={[{ header: 'Device', cell: (label: string) => label }]}
        rows={['<Firefox>', 'Safari']}
        rowKey={(label) => label}
      />,
    ),
  );
  expect($('table').attr('role')).toBe('table');
  expect($('td[role=cell]').first().text()).toBe('<Firefox>');
  expect($('td').first().attr('data-label')).toBe('Device');
  expect($('tbody tr')).toHaveLength(2);
});

it('shows a course without lessons as not begun', () => {
  const $ = load(renderToString(<ProgressBar label="Caching" done={0} total={0} unit="lessons" />));
  expect($('progress').attr()).toEqual({ 'aria-label': 'Caching', value: '0', max: '1' });
});

it('marks the last crumb as the page itself', () => {
  const $ = load(
    renderToString(<Breadcrumbs crumbs={[{ label: 'Courses', href: '/' }, { label: 'Here' }]} />),
  );
  expect($('[aria-current=page]').text()).toBe('Here');
  expect($('a').text()).toBe('Courses');
});

it('interrupts a screen reader only for danger', () => {
  const role = (tone: 'danger' | 'success') =>
    load(renderToString(<Alert tone={tone}>Text</Alert>))('div').attr('role');
  expect([role('danger'), role('success')]).toEqual(['alert', 'status']);
});

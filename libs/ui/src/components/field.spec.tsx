import { expect, it } from '@jest/globals';
import { load } from 'cheerio';
import { renderToString } from 'preact-render-to-string';
import { Field, TextField } from './field.js';

it('is described by its error first, then by its hint', () => {
  const $ = load(renderToString(<Field name="email" label="E-mail" hint="Yours." error="Missing." />));
  const ids = $('input').attr('aria-describedby')?.split(' ') ?? [];
  expect(ids.map((id) => $(`#${id}`).text())).toEqual(['Missing.', 'Yours.']);
  expect($('input').attr('aria-invalid')).toBe('true');
});

it('is described by nothing and valid when there is nothing to say', () => {
  const $ = load(renderToString(<Field name="email" label="E-mail" />));
  expect($('input').attr('aria-describedby')).toBeUndefined();
  expect($('input').attr('aria-invalid')).toBeUndefined();
});

it('never sends a password back', () => {
  const html = renderToString(
    <Field name="password" label="Password" type="password" value="correct horse" />,
  );
  expect(html).not.toContain('correct horse');
});

it('keeps what was typed, whatever it is', () => {
  const typed = `"><script>alert(1)</script>`;
  const $ = load(renderToString(<Field name="email" label="E-mail" type="email" value={typed} />));
  expect($('input').attr('value')).toBe(typed);
  expect($('script')).toHaveLength(0);
});

it('keeps a text that tries to leave its box', () => {
  const typed = `</textarea><script>alert(1)</script>`;
  const $ = load(renderToString(<TextField name="text" label="Note" value={typed} />));
  expect($('textarea').text()).toBe(typed);
  expect($('script')).toHaveLength(0);
});

it('takes its own id where the name is not unique', () => {
  const $ = load(renderToString(<TextField id="second" name="text" label="Note" hint="Short." />));
  expect([$('label').attr('for'), $('textarea').attr('id'), $('p').attr('id')]).toEqual([
    'second',
    'second',
    'second-hint',
  ]);
});

import { expect, it } from '@jest/globals';
import { renderToString } from 'preact-render-to-string';
import { formatSpan, Moment } from './moment.js';

const now = new Date('2026-07-14T09:30:00Z');

it('names the time zone of a date', () => {
  const html = renderToString(<Moment at="2026-07-14T07:05:00+02:00" />);
  expect(html).toContain('>14 Jul 2026, 05:05 UTC</time>');
  expect(html).toContain('datetime="2026-07-14T05:05:00.000Z"');
});

it.each([
  ['2026-07-14T09:29:31Z', 'just now'],
  ['2026-07-14T09:18:00Z', '12 minutes ago'],
  ['2026-07-14T06:20:00Z', '3 hours ago'],
  ['2026-07-13T06:20:00Z', 'yesterday'],
])('tells %s as a distance', (at, text) => {
  expect(renderToString(<Moment at={at} from={now} />)).toContain(`>${text}</time>`);
});

it.each([
  [13_200_000, '3 h 40 min'],
  [7_200_000, '2 h'],
  [1_500_000, '25 min'],
  [59_000, 'less than a minute'],
  [-1, 'less than a minute'],
])('writes %d ms as a span', (spanMs, text) => {
  expect(formatSpan(spanMs)).toBe(text);
});

import { expect, it } from '@jest/globals';
import { renderLesson } from './lesson-html.js';

it('renders headings, lists, tables and code', () => {
  const html = renderLesson('# Top\n\n- one\n\n| a |\n| - |\n| 1 |\n\n```ts\nconst x = 1 < 2;\n```');
  expect(html).toContain('<h2>Top</h2>');
  expect(html).toContain('<li>one</li>');
  expect(html).toContain('<td>1</td>');
  expect(html).toContain('<code class="language-ts">const x = 1 &lt; 2;');
});

it.each([
  ['a script', '<script>alert(1)</script>'],
  ['a handler', '<p onclick="alert(1)">x</p>'],
  ['an image with a handler', '<img src=x onerror=alert(1)>'],
  ['a script address', '[x](javascript:alert(1))'],
  ['an encoded script address', '[x](&#106;avascript:alert(1))'],
  ['a data address', '[x](data:text/html,<script>alert(1)</script>)'],
  ['an svg', '<svg><animate onbegin=alert(1)></svg>'],
  ['a frame', '<iframe srcdoc="<script>alert(1)</script>"></iframe>'],
  ['a form', '<form action="/api/logout"><button>x</button></form>'],
  ['a style', '<p style="position:fixed">x</p>'],
  ['a code class that breaks out', '```"><script>alert(1)</script>\nx\n```'],
])('removes %s', (_, markdown) => {
  const tags = renderLesson(markdown).match(/<[^>]*>/g) ?? [];
  expect(
    tags.filter((tag) => !/^<\/?(p|a( rel="noopener noreferrer")?|pre|code( class="[^"]*")?)>$/.test(tag)),
  ).toEqual([]);
});

it('does not hand the opener to linked pages', () => {
  expect(renderLesson('[x](https://example.org)')).toContain(
    '<a href="https://example.org" rel="noopener noreferrer">',
  );
});

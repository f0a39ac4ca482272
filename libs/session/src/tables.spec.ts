import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { basename, join } from 'node:path';

const lib = fileURLToPath(new URL('..', import.meta.url));
const folders = [join(lib, 'src'), join(lib, '../../apps/platform-e2e/src'), join(lib, '../web/src')];

/** Source of each spec by its name without the ending. */
const specs = new Map(
  folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.spec\.tsx?$/.test(path))
      .map(
        (path) => [basename(path).replace(/\.tsx?$/, ''), readFileSync(join(folder, path), 'utf8')] as const,
      ),
  ),
);

/** The rows of the README's tables below a heading. */
function rowsBelow(heading: string): string[] {
  const readme = readFileSync(join(lib, 'README.md'), 'utf8');
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
}

/** The tests that a row names, each as `file.spec` and what it is called. */
function testsOf(row: string): { readonly spec: string; readonly name: string }[] {
  const cell = row.split('|').at(-2) ?? '';
  return cell
    .split('; ')
    .map((part) => /^\s*`([\w.-]+\.spec)` (.+?)\s*$/.exec(part))
    .map((match) => ({ spec: match?.[1] ?? '', name: match?.[2] ?? '' }));
}

const rows = ['Threats', 'OWASP ASVS 5.0'].flatMap((heading) => {
  const found = rowsBelow(heading);
  if (found.length === 0) throw new Error(`README.md: no table below “${heading}”.`);
  return found.map((row) => [heading, row.split('|')[1]?.trim() ?? '', row] as const);
});

it.each(rows)('%s: “%s” names tests that exist', (_heading, _what, row) => {
  const missing = testsOf(row).filter(({ spec, name }) => !name || !specs.get(spec)?.includes(name));
  expect(missing).toEqual([]);
});

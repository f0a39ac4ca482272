import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { bench, scriptsOf } from './bench.js';

const files = [
  'README.md',
  'attempt.mjs',
  'cache.mjs',
  'cache-tags.mjs',
  'plain/main.mjs',
  'queue/bench.mjs',
  'queue/bench-relay.mjs',
  'queue/stores.mjs',
];

it('runs a bench and its further parts, or all of them', () => {
  expect(scriptsOf('cache', files)).toEqual(['cache-tags.mjs', 'cache.mjs']);
  expect(scriptsOf(undefined, files)).toEqual([
    'attempt.mjs',
    'cache-tags.mjs',
    'cache.mjs',
    'queue/bench-relay.mjs',
    'queue/bench.mjs',
  ]);
});

it('names the benches there are when it does not know one', () => {
  expect(() => scriptsOf('plain', files)).toThrow('npm run bench -- [attempt|cache|queue]');
});

it('goes on when one fails, and fails in the end', async () => {
  const root = await mkdtemp(join(tmpdir(), 'trivet-bench-'));
  await mkdir(join(root, 'bench/b'), { recursive: true });
  await writeFile(join(root, 'bench/a.mjs'), 'process.exitCode = 1;');
  await writeFile(
    join(root, 'bench/b/bench.mjs'),
    "import { writeFileSync } from 'node:fs'; writeFileSync('ran', '');",
  );
  expect(await bench([], root)).toBe(1);
  expect(await bench(['b'], root)).toBe(0);
  await rm(join(root, 'ran'));
  await rm(root, { recursive: true });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { faults } from './faults/catalogue.js';

const run = promisify(execFile);
const project = join(import.meta.dirname, '..');
let readme: string;
let dir: string;

beforeAll(async () => {
  readme = await readFile(join(project, 'README.md'), 'utf8');
  // Inside the project, so that the files find their packages.
  await mkdir(join(project, 'test-output'), { recursive: true });
  dir = await mkdtemp(join(project, 'test-output', 'readme-'));
});

afterAll(() => rm(dir, { recursive: true }));

it('breaks the Express app as the README says', async () => {
  const [app, breakIt] = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  await writeFile(join(dir, 'app.mjs'), app ?? '');
  await writeFile(join(dir, 'break-it.mjs'), breakIt ?? '');
  const env = { ...process.env, FORCE_COLOR: '0', SWC_NODE_PROJECT: join(project, 'tsconfig.json') };
  const register = import.meta.resolve('@swc-node/register/esm-register');
  const flags = ['--conditions=@trivet/source', '--import', register, 'break-it.mjs'];
  const { stdout } = await run(process.execPath, flags, { cwd: dir, env });
  const promised = /^```text\n(.*?)^```$/ms.exec(readme)?.[1];
  expect(stdout).toBe(promised);
}, 60_000);

it('lists every fault in the README', () => {
  const rows = Object.values(faults).map(({ name, summary, topology }) => [name, summary, topology]);
  const listed = [...readme.matchAll(/^\| `(\w+)` +\| (.*?) +\| (\w+) +\|$/gm)].map(([, ...cells]) => cells);
  expect(listed).toEqual(rows);
});

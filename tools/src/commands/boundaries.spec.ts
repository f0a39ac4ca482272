import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { workspaceRoot } from '../workspace.js';

interface Import {
  readonly file: string;
  readonly name: string;
}

const refused: Import[] = [
  { file: 'libs/session/src/index.ts', name: '@trivet/cache' },
  { file: 'libs/queue/src/index.ts', name: '@trivet/session' },
  { file: 'apps/audit/src/main.ts', name: '@trivet/fault-kit' },
];

const accepted: Import[] = [
  { file: 'libs/session/src/index.ts', name: '@trivet/redis' },
  { file: 'apps/audit/src/main.ts', name: '@trivet/redis' },
];

/** The rules that each import breaks in its file, by the configuration that `npm run check` uses. */
function brokenRules(imports: readonly Import[]): (string | null)[][] {
  const code = `
    import { ESLint } from 'eslint';
    const eslint = new ESLint();
    const lint = ({ file, name }) =>
      eslint.lintText("import * as it from '" + name + "';\\nexport const all: object = it;\\n", { filePath: file });
    const results = [];
    for (const one of ${JSON.stringify(imports)}) results.push(...(await lint(one)));
    console.log(JSON.stringify(results.map(({ messages }) => messages.map(({ ruleId }) => ruleId))));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: workspaceRoot,
    env: { ...process.env, NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as (string | null)[][];
}

it('fails lint at an import across a boundary, and only there', () => {
  expect(brokenRules([...refused, ...accepted])).toEqual([
    ...refused.map(() => ['@nx/enforce-module-boundaries']),
    ...accepted.map(() => []),
  ]);
});

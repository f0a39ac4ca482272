import { addUp, closingLine, removeCounts, testedProjects } from '../testing/counts.js';
import { nx, runVisibly } from './tasks.js';
import { workspaceRoot } from '../workspace.js';

/** `npm test`: every test there is; ends with the closing line. Resolves to the exit code. */
export async function test(root = workspaceRoot): Promise<number> {
  const projects = testedProjects(root);
  removeCounts(root, projects);
  const unitsPass = await runVisibly(nx('run-many', '-t', 'test', '--parallel=2'), root);
  const isBuilt = await runVisibly(nx('run-many', '-t', 'build'), root);
  const e2ePasses = isBuilt && (await runVisibly(nx('run-many', '-t', 'e2e', '--parallel=1'), root));

  const { counts, failures, silent } = addUp(root, projects);
  // Jest said so far above: whoever reads the end of a log sees it as well.
  for (const failure of failures) console.log(failure);
  for (const project of silent) console.log(`${project} left no counts: its tests did not run to their end.`);
  if (!isBuilt) console.log('The build failed, so no end-to-end test ran.');
  if (counts.passed === 0) console.log('No test passed.');
  const isSound = unitsPass && e2ePasses && counts.passed > 0;
  // Whatever went wrong outside a test counts as one that failed.
  const failed = counts.failed + silent.length || (isSound ? 0 : 1);
  console.log(closingLine({ ...counts, failed }));
  return failed === 0 ? 0 : 1;
}

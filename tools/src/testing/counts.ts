import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Tests of one or more projects. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The folders that hold tests, seen from the root: those with a jest.config.js, from which Nx infers the target. */
export function testedProjects(root: string): string[] {
  const inside = (folder: string): string[] =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}`) : [];
  return [...inside('apps'), ...inside('libs'), 'tools'].filter((project) =>
    existsSync(join(root, project, 'jest.config.js')),
  );
}

/** What a project left: its counts, and what Jest said of each spec that failed. */
interface ProjectCounts extends Counts {
  readonly failures: readonly string[];
}

/** What all projects left. */
export interface Sum {
  readonly counts: Counts;
  readonly failures: readonly string[];
  /** Projects that left nothing. */
  readonly silent: readonly string[];
}

const countsFile = (root: string, project: string): string =>
  join(root, project, 'test-output', 'counts.json');

/** Takes away what an earlier run left, so that nobody's old counts pass for new ones. */
export function removeCounts(root: string, projects: readonly string[]): void {
  for (const project of projects) rmSync(countsFile(root, project), { force: true });
}

/** Adds up what the projects left, and names those that left nothing. */
export function addUp(root: string, projects: readonly string[]): Sum {
  const silent = projects.filter((project) => !existsSync(countsFile(root, project)));
  const spoke = projects.filter((project) => !silent.includes(project));
  const all = spoke.map(
    (project) => JSON.parse(readFileSync(countsFile(root, project), 'utf8')) as ProjectCounts,
  );
  const total = (name: keyof Counts): number => all.reduce((sum, counts) => sum + counts[name], 0);
  return {
    counts: { passed: total('passed'), failed: total('failed'), skipped: total('skipped') },
    failures: all.flatMap(({ failures }) => failures),
    silent,
  };
}

/** `12 passed, 0 failed`, and the skipped ones when there are any. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

// A Jest reporter that leaves its project's counts where `npm test` adds them up.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export default class CountReporter {
  constructor(globalConfig) {
    this.folder = join(globalConfig.rootDir, 'test-output');
  }

  onRunComplete(_contexts, results) {
    const { numPassedTests: passed, numFailedTests, numFailedTestSuites, numPendingTests: skipped } = results;
    // A suite that could not even start has no failed test of its own.
    const failed = Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0);
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'counts.json'), JSON.stringify({ passed, failed, skipped }));
  }
}

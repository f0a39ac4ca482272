import { audit, type Audit } from './audit.js';
import { parseCommandLine, USAGE, type CommandLine } from './command-line.js';
import { AuditError, UsageError } from './errors.js';
import { withConnection } from './redis/connect.js';
import { explain } from './redis/explain.js';
import { parseTarget } from './redis/target.js';
import { jsonReport } from './report/json.js';
import { Progress } from './report/progress.js';
import { textReport } from './report/text.js';

/** Where the program writes, and what ends it early. */
export interface Surroundings {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
  /** Aborted when a person wants to see what was seen so far. */
  readonly interrupt: AbortSignal;
}

/** Runs one audit. @returns the exit code: 0 done, 2 not possible. */
export async function run(
  argv: readonly string[],
  { stdout, stderr, interrupt }: Surroundings,
): Promise<number> {
  try {
    const commandLine = parseCommandLine(argv);
    if (commandLine === undefined) {
      stdout.write(USAGE);
      return 0;
    }
    const progress = new Progress(stderr);
    const result = await auditOf(commandLine, progress, interrupt).finally(() => progress.clear());
    stdout.write(commandLine.json ? jsonReport(result) : textReport(result, commandLine.top));
    return 0;
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    const hint = error instanceof UsageError ? ' See trivet-audit --help.' : '';
    stderr.write(`${error.message}${hint}\n`);
    return 2;
  }
}

async function auditOf(commandLine: CommandLine, progress: Progress, interrupt: AbortSignal): Promise<Audit> {
  const { url, caFile, timeoutMs, maxSeconds, ...options } = commandLine;
  const target = parseTarget(url, caFile);
  const { label, database } = target;
  const signal =
    maxSeconds === undefined
      ? interrupt
      : AbortSignal.any([interrupt, AbortSignal.timeout(maxSeconds * 1_000)]);
  try {
    const onProgress = (keys: number, expectedKeys?: number) => progress.show(keys, expectedKeys);
    const auditOptions = { ...options, label, database, signal, onProgress };
    return await withConnection(target, timeoutMs, (redis) => audit(redis, auditOptions));
  } catch (error) {
    throw explain(error, label);
  }
}

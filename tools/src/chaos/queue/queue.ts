import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { workspaceRoot } from '../../workspace.js';
import { hangUp } from './client.js';
import { comeback } from './comeback.js';
import { drain } from './drain.js';
import { type Exam, type Finding } from './exam.js';
import { failover } from './failover.js';
import { healthy } from './healthy.js';
import { readQueueOptions, type QueueChaosOptions } from './options.js';
import { outage } from './outage.js';
import { races } from './races.js';
import { QueueStage } from './stage.js';
import { storm } from './storm.js';

const all: readonly Exam[] = [healthy, storm, races, outage, comeback, failover, drain];
const file = join(workspaceRoot, '.trivet/chaos/queue.json');

/** `npm run chaos -- queue`: resolves to 0 when every promise holds. */
export async function queue(args: readonly string[]): Promise<number> {
  const options = readQueueOptions(
    args,
    all.map(({ name }) => name),
  );
  const chosen = all.filter(({ name }) => options.exams.length === 0 || options.exams.includes(name));
  const results: Record<string, readonly Finding[]> = {};
  try {
    for (const exam of chosen) results[exam.name] = await sit(exam, options);
  } finally {
    hangUp();
  }
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `${JSON.stringify({ options, results }, null, 2)}\n`);
  const isSound = Object.values(results)
    .flat()
    .every(({ holds }) => holds);
  process.stdout.write(
    isSound ? '\nEvery promise held.\n' : '\nA promise was broken: see the lines with ✗.\n',
  );
  return isSound ? 0 : 1;
}

async function sit(exam: Exam, options: QueueChaosOptions): Promise<readonly Finding[]> {
  process.stdout.write(`\n${exam.name}: ${exam.title(options)}\n`);
  const stage = await QueueStage.start(exam);
  try {
    const findings = await exam.sit({ stage, options, say });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    for (const { what, is, holds } of findings)
      process.stdout.write(`  ${holds ? '✓' : '✗'} ${what}: ${is}\n`);
    return findings;
  } finally {
    await stage.stop();
  }
}

/** On a terminal one line that is rewritten, else a line for each step. */
function say(what: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K  ${what}` : `  ${what}\n`);
}

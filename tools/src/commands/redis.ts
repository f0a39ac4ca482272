import { parseArgs } from 'node:util';
import { ask, NothingRunsError, type ControlRequest } from '../supervisor/control.js';
import { redisActions } from '../supervisor/redis-rows.js';
import { redisTable } from '../supervisor/redis-table.js';
import { groupNames, workspaceRoot } from '../workspace.js';

const usage = `Usage: npm run redis -- status [--json]
       npm run redis -- ${redisActions.join('|')} ${groupNames.join('|')}
`;

/** `npm run redis`: acts on a group of the running platform. Resolves to the exit code. */
export async function redis(args: readonly string[], root = workspaceRoot): Promise<number> {
  const command = parse(args);
  if (typeof command === 'string') return refuse(`${command}\n${usage}`, 2);
  try {
    const { rows, message, refused } = await ask(root, command.request);
    if (refused !== undefined) return refuse(`${refused}\n`, 1);
    if (command.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
    else process.stdout.write(message === undefined ? redisTable(rows) : `${message}\n`);
    return 0;
  } catch (error) {
    if (error instanceof NothingRunsError) return refuse(`${error.message}\n`, 2);
    throw error;
  }
}

interface Command {
  readonly request: ControlRequest;
  readonly json: boolean;
}

/** What to ask, or what is wrong with the arguments. */
function parse(args: readonly string[]): Command | string {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    options: { json: { type: 'boolean' } },
  });
  const [verb = '', name = '', ...rest] = positionals;
  const unknown = Object.keys(values).find((option) => option !== 'json') ?? rest[0];
  if (unknown !== undefined) return `Expected no \`${unknown}\`.`;
  const json = values.json === true;
  if (verb === 'status') return name === '' ? { request: {}, json } : `Expected no \`${name}\`.`;
  const action = redisActions.find((known) => known === verb);
  if (action === undefined) return `Expected status, ${redisActions.join(', ')}, got \`${verb}\`.`;
  const group = groupNames.find((known) => known === name);
  if (group === undefined) return `Expected a group to ${verb}: ${groupNames.join(', ')}, got \`${name}\`.`;
  return { request: { action, group }, json };
}

function refuse(text: string, exitCode: number): number {
  process.stderr.write(text);
  return exitCode;
}

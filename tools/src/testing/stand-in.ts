import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const main = `
import { createServer } from 'node:http';
const answers = {
  '/env': () => JSON.stringify(process.env),
  '/crash': () => setImmediate(() => process.exit(7)),
};
console.log('started as ' + process.pid);
createServer((request, response) => response.end(String(answers[request.url]?.())))
  .listen(process.env.MANAGEMENT_PORT, '127.0.0.1');
process.on('SIGTERM', () => process.env.IS_STUBBORN ? console.log('no') : process.exit(0));
`;

const migrate = `
if (process.env.BREAK_MIGRATIONS) throw new Error('no such table');
console.log('migrated', process.argv.slice(2).join(' '));
`;

const user = `
import { text } from 'node:stream/consumers';
import { writeFileSync } from 'node:fs';
const seen = { args: process.argv.slice(2), url: process.env.DATABASE_URL, password: await text(process.stdin) };
writeFileSync('user.json', JSON.stringify(seen));
`;

/** A checkout whose apps are a few lines each, for specs of what runs them. */
export class StandIn {
  readonly root = mkdtempSync(join(tmpdir(), 'trivet-tools-'));

  constructor() {
    this.write('package.json', '{ "type": "module" }');
    for (const app of ['dashboard', 'learn', 'worker']) this.write(`apps/${app}/dist/main.js`, main);
    this.write('apps/worker/dist/migrate.js', migrate);
    this.write('apps/worker/dist/user.js', user);
  }

  write(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(path: string): unknown {
    return JSON.parse(readFileSync(join(this.root, path), 'utf8'));
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

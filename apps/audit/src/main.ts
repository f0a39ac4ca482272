import { run } from './cli.js';

const interrupt = new AbortController();
// Once: a second Ctrl-C ends the process at once.
process.once('SIGINT', () => interrupt.abort());
// `trivet-audit URL | head` closes the pipe early.
process.stdout.on('error', () => process.exit());

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  interrupt: interrupt.signal,
});

import { expect, it } from '@jest/globals';
import { RedisServerMissingError } from '../errors.js';
import { Child } from './child.js';

it('says how to install a server that is not on the PATH', async () => {
  const spawning = Child.spawn('redis-server-nobody-has', []);
  await expect(spawning).rejects.toBeInstanceOf(RedisServerMissingError);
  await expect(spawning).rejects.toThrow(
    'Install Redis 7 or newer and put it on the PATH: `apt-get install redis-server`',
  );
});

it('kills a process that ignores SIGTERM after the deadline, with its children', async () => {
  const child = await Child.spawn('/bin/sh', ['-c', 'trap "" TERM; sleep 60 & echo $!; wait']);
  while (!child.output) await new Promise(setImmediate);
  const grandchild = Number(child.output);
  await child.terminate(50);
  expect(child.hasExited).toBe(true);
  while (exists(grandchild)) await new Promise(setImmediate);
});

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('keeps the last output only', async () => {
  const child = await Child.spawn('/bin/sh', ['-c', 'head -c 100000 /dev/zero | tr "\\0" x; echo end']);
  while (!child.output.endsWith('xend\n')) await new Promise(setImmediate);
  expect(child.output).toHaveLength(16_384);
  await child.terminate(5_000);
});

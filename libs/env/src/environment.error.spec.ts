import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { EnvironmentError, exitOnEnvironmentError, formatEnvironmentError } from './index.js';

const missing = new EnvironmentError([
  { name: 'PORT', expected: 'a port', reason: 'is missing', example: '1' },
]);

it('ends the process with 78 and the lines alone on stderr', () => {
  const index = new URL('./index.ts', import.meta.url).href;
  const script = `
    import { exitOnEnvironmentError, port, readEnvironment } from '${index}';
    import { z } from 'zod';
    exitOnEnvironmentError(() => readEnvironment(z.object({ PORT: port() }), {}));
    process.stdout.write('went on');
  `;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', '@swc-node/register/esm-register', '--input-type=module', '--eval', script],
    { cwd: new URL('..', import.meta.url), encoding: 'utf8', env: { PATH: process.env.PATH } },
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 78,
    stdout: '',
    stderr: 'PORT: expected a port from 0 to 65535, is missing (example: 3001)\n',
  });
});

it('hands back what was read, and throws other errors on', () => {
  expect(exitOnEnvironmentError(() => 42)).toBe(42);
  expect(() =>
    exitOnEnvironmentError(() => {
      throw new TypeError('not ours');
    }),
  ).toThrow(TypeError);
});

it('formats only its own error', () => {
  expect(formatEnvironmentError(missing)).toBe('PORT: expected a port, is missing (example: 1)\n');
  expect(formatEnvironmentError(new Error('not ours'))).toBeUndefined();
});

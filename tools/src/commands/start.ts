import { readSettings, type Settings } from '../env.js';
import { type From } from '../platform/launch.js';
import { Platform } from '../platform/platform.js';
import { AlreadyRunningError } from '../supervisor/already-running.js';
import { banner } from '../supervisor/banner.js';
import { findRun } from '../supervisor/control.js';
import { listenForTheEnd, type End } from '../supervisor/end.js';
import { readKeys, type KeyCommands } from '../supervisor/keys.js';
import { dataDirOf } from '../supervisor/run-file.js';
import { prefixed } from '../supervisor/screen.js';
import { Supervisor } from '../supervisor/supervisor.js';
import { workspaceRoot } from '../workspace.js';

const show = (text: string): void => void process.stdout.write(text);

/** `npm start` and `npm run dev`: runs the platform until Ctrl-C. Resolves to the exit code. */
export async function start(from: From, root = workspaceRoot): Promise<number> {
  const end = listenForTheEnd();
  try {
    const settings = readSettings(root);
    const platform = await startPlatform(root, from, { settings, end });
    await runUntilTheEnd(platform, root, { settings, end });
    return 0;
  } catch (error) {
    if (end.signal.aborted) return 0;
    throw error;
  }
}

interface Context {
  readonly settings: Settings;
  readonly end: End;
}

async function startPlatform(root: string, from: From, { settings, end }: Context): Promise<Platform> {
  const run = await findRun(root);
  if (run) throw new AlreadyRunningError(run);
  return Platform.start({
    ...settings,
    root,
    from,
    dataDir: dataDirOf(root),
    // Accounts with a known password belong into no database but the embedded one.
    seed: settings.databaseUrl === undefined,
    signal: end.signal,
    log: (line, source) => show(prefixed(line, source)),
  });
}

async function runUntilTheEnd(platform: Platform, root: string, { settings, end }: Context): Promise<void> {
  const supervisor = new Supervisor(root, platform, (sentence) => show(prefixed(sentence, 'redis')));
  const { stdin } = process;
  const hasDemoAccounts = settings.databaseUrl === undefined;
  const help = (): void => show(banner(platform, { hasDemoAccounts, readsKeys: stdin.isTTY }));
  try {
    await supervisor.open();
    help();
    const toggle: KeyCommands['toggle'] = (group, actions) => void supervisor.toggle(group, actions);
    const quit = (): void => end.request();
    const stopReading = stdin.isTTY ? readKeys(stdin, { toggle, help, quit }) : undefined;
    await end.requested;
    show('\nStopping everything (Ctrl-C again: at once) ...\n');
    await platform.stop();
    stopReading?.();
  } finally {
    supervisor.close();
    await platform.stop();
  }
}

import { Platform } from '../../platform/platform.js';
import { appNames } from '../../workspace.js';
import { type Surroundings } from './surroundings.js';
import { LineCounter, type Subject } from './subject.js';

/** The apps of this checkout, as they are built. */
export async function startOurPlatform({
  databaseUrl,
  redisUrls,
  env,
  signal,
}: Surroundings): Promise<Subject> {
  const lines = new LineCounter();
  const platform = await Platform.start({ databaseUrl, redisUrls, env, log: lines.log, signal });
  return {
    doors: platform.ports,
    management: platform.management,
    get logRecords() {
      return Object.fromEntries(appNames.map((app) => [app, lines.counts[app] ?? 0]));
    },
    restart: async () => {
      const times = await Promise.all(appNames.map((app) => platform.restart(app)));
      return {
        stopMs: Math.max(...times.map(({ stopMs }) => stopMs)),
        startMs: Math.max(...times.map(({ startMs }) => startMs)),
      };
    },
    stop: () => platform.stop(),
  };
}

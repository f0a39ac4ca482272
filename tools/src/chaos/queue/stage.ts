import { FaultTarget, freePort } from '@trivet/fault-kit';
import { AppProcess } from '../../platform/app-process.js';
import { runToEnd } from '../../platform/run-to-end.js';
import { groupSettings } from '../../platform/stores.js';
import { mapNames, workspaceRoot } from '../../workspace.js';
import { type Exam } from './exam.js';
import { Metrics } from './metrics.js';
import { MortalPostgres } from './postgres.js';

/** Two of each, as in production: whoever dies has somebody beside it. */
export const playerNames = ['web-1', 'web-2', 'worker-1', 'worker-2'] as const;
export type PlayerName = (typeof playerNames)[number];

const script = 'bench/queue/stage/process.mjs';

interface Ports {
  readonly door: number;
  readonly management: number;
}

/** Redis, PostgreSQL, two processes that add jobs and two that relay and run them. */
export class QueueStage {
  /** What the workers have counted, over all their lives. */
  readonly metrics: Metrics;

  private constructor(
    readonly redis: FaultTarget,
    readonly postgres: MortalPostgres,
    readonly players: Readonly<Record<PlayerName, AppProcess>>,
    private readonly ports: Readonly<Record<PlayerName, Ports>>,
  ) {
    this.metrics = new Metrics(mapNames(playerNames, (name) => `http://127.0.0.1:${ports[name].management}`));
  }

  /** Resolves once all are ready; leaves nothing behind when it rejects. */
  static async start({
    topology = 'standalone',
    isProxied = false,
  }: Pick<Exam, 'topology' | 'isProxied'>): Promise<QueueStage> {
    const postgres = await MortalPostgres.start();
    const redis = await FaultTarget.start(topology, groupSettings.queue);
    const env = {
      ...process.env,
      NODE_ENV: 'development',
      DATABASE_URL: postgres.url,
      REDIS_QUEUE_URL: isProxied || topology !== 'standalone' ? redis.url : redis.server.url,
    };
    const run = { cwd: workspaceRoot, log: () => undefined };
    const ports = {} as Record<PlayerName, Ports>;
    for (const name of playerNames) ports[name] = { door: await freePort(), management: await freePort() };
    const playerOf = (name: PlayerName): AppProcess => {
      const { door, management } = ports[name];
      return new AppProcess({
        ...run,
        name,
        args: [script, name.replace(/-\d$/, '')],
        env: { ...env, PORT: String(door), MANAGEMENT_PORT: String(management) },
        readyUrl: `http://127.0.0.1:${management}/health/ready`,
      });
    };
    const stage = new QueueStage(redis, postgres, mapNames(playerNames, playerOf), ports);
    try {
      await runToEnd({ ...run, name: 'prepare', args: [script, 'prepare'], env });
      await Promise.all(Object.values(stage.players).map((player) => player.start()));
      stage.metrics.watch();
      return stage;
    } catch (error) {
      await stage.stop();
      throw error;
    }
  }

  /** Where jobs can be added. */
  get doors(): readonly number[] {
    return [this.ports['web-1'].door, this.ports['web-2'].door];
  }

  /** SIGKILL; it is started again after a moment. */
  kill(name: PlayerName): void {
    this.signal(name, 'SIGKILL');
  }

  signal(name: PlayerName, signal: NodeJS.Signals): void {
    const { pid } = this.players[name];
    if (pid !== undefined) process.kill(pid, signal);
  }

  async stop(): Promise<void> {
    this.metrics.end();
    await Promise.all(Object.values(this.players).map((player) => player.stop()));
    await Promise.all([this.redis.stop(), this.postgres.stop()]);
  }
}

import { faults as redisFaults, type Fault } from '@trivet/fault-kit';
import { type Random } from './random.js';
import { type PlayerName, type QueueStage } from './stage.js';

/** Something that goes wrong on the stage; resolves to what takes it back. */
export interface StageFault {
  readonly name: string;
  readonly apply: (stage: QueueStage) => Promise<() => Promise<void>>;
}

const nothing = async (): Promise<void> => undefined;

const killed = (...names: PlayerName[]): StageFault => ({
  name: `kill -9 ${names.join(' and ')}`,
  apply: async (stage) => {
    for (const name of names) stage.kill(name);
    return nothing; // It is started again by itself.
  },
});

const frozen = (name: PlayerName): StageFault => ({
  name: `freeze ${name}`,
  apply: async (stage) => {
    stage.signal(name, 'SIGSTOP');
    return async () => stage.signal(name, 'SIGCONT');
  },
});

const postgresKilled: StageFault = {
  name: 'kill -9 PostgreSQL',
  apply: async ({ postgres }) => {
    postgres.kill();
    return () => postgres.comeBack();
  },
};

const onRedis = (fault: Fault): StageFault => ({
  name: fault === redisFaults.refused ? 'kill -9 Redis' : `${fault.name} Redis`,
  apply: async ({ redis }) => {
    const undo = await fault.apply(redis);
    return async () => {
      await undo();
    };
  },
});

/** Those that lose no data: what Redis alone was trusted with dies with its data, and the README says so. */
const lossless: readonly Fault[] = [
  redisFaults.refused,
  redisFaults.hung,
  redisFaults.slow,
  redisFaults.halfOpen,
  redisFaults.reset,
  redisFaults.truncated,
  redisFaults.garbage,
  redisFaults.readOnly,
  redisFaults.outOfMemory,
  redisFaults.noAuth,
  redisFaults.maxClients,
];

/** Kills come before all else: each of these happens in every storm. */
const always: readonly StageFault[] = [
  onRedis(redisFaults.refused),
  killed('worker-1'),
  postgresKilled,
  killed('web-1'),
  killed('worker-1', 'worker-2'),
];

const sometimes: readonly StageFault[] = [
  ...lossless.map(onRedis),
  ...always,
  killed('web-2'),
  killed('worker-2'),
  killed('web-1', 'web-2'),
  frozen('worker-1'),
  frozen('web-2'),
];

/** The faults of a storm, in their order. */
export function faultsOf(count: number, random: Random): StageFault[] {
  return Array.from({ length: count }, (_, index) => always[index] ?? random.pick(sometimes));
}

import { RedisServer } from '@trivet/fault-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ChildRequest } from './cache.child.fixture.js';

interface Message {
  readonly event: 'ready' | 'begun' | 'done';
  readonly result?: unknown;
  readonly error?: string;
}

/** A real process with a cache. */
class Child {
  readonly #process: ChildProcess;

  constructor() {
    this.#process = fork(new URL('./cache.child.fixture.ts', import.meta.url), {
      execArgv: ['--conditions=@trivet/source', '--import', '@swc-node/register/esm-register'],
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  /** Resolves with the next message of its kind. */
  async next(event: Message['event']): Promise<unknown> {
    for (;;) {
      const [message] = (await once(this.#process, 'message')) as [Message];
      if (message.event !== event) continue;
      if (message.error) throw new Error(message.error);
      return message.result;
    }
  }

  ask(request: ChildRequest): Promise<unknown> {
    const done = this.next('done');
    this.#process.send(request);
    return done;
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await gone;
  }
}

let server: RedisServer;
let children: Child[];
const first = () => children[0] as Child;
const second = () => children[1] as Child;

beforeAll(async () => {
  children = Array.from({ length: 4 }, () => new Child());
  const ready = Promise.all(children.map((child) => child.next('ready')));
  server = await RedisServer.start();
  await ready;
  await Promise.all(
    children.map((child, i) => child.ask({ do: 'open', url: server.url, skewMs: i % 2 ? 5000 : -5000 })),
  );
}, 60_000);

beforeEach(() => server.command('FLUSHALL'));

afterAll(async () => {
  await Promise.all(children.map((child) => child.kill()));
  await server.stop();
});

interface Loaded {
  readonly runs: number;
  readonly values: readonly string[];
}
const loadAll = async (those: Child[], loadMs: number) => {
  const all = await Promise.all(
    those.map((child) => child.ask({ do: 'load', callers: 50, loadMs }) as Promise<Loaded>),
  );
  const runs = all.reduce((sum, each) => sum + each.runs, 0);
  return { runs, values: new Set(all.flatMap(({ values }) => values)) };
};

describe('four processes whose clocks are ten seconds apart', () => {
  afterEach(() => first().ask({ do: 'delete' }));

  it('load a cold key of fifty callers each once, and all get the same', async () => {
    const { runs, values } = await loadAll(children, 200);
    expect([runs, values.size]).toEqual([1, 1]);
  });

  it('lose no invalidation by tag, whichever of them is ahead', async () => {
    for (const [writer, reader] of [children, [...children].reverse()] as [Child, Child][]) {
      await reader.ask({ do: 'set', value: 'old' });
      await writer.ask({ do: 'deleteByTag' });
      expect(await reader.ask({ do: 'get' })).toBeUndefined();
      await writer.ask({ do: 'set', value: 'new' });
      expect(await reader.ask({ do: 'get' })).toBe('new');
    }
  });

  it.each(['delete', 'deleteByTag'] as const)(
    'keep nothing of a load that a %s elsewhere overtook',
    async (invalidate) => {
      const begun = first().next('begun');
      const loaded = loadAll([first()], 300);
      await begun;
      const begunAgain = first().next('begun');
      await second().ask({ do: invalidate });
      await loaded;
      // It was run again, so what stays is of after the invalidation.
      await begunAgain;
      expect(await second().ask({ do: 'get' })).toMatch(/^of /);
    },
  );
});

// These two cost processes and Redis, so they come last.
it('wait for a killed process’s load no longer than its lease', async () => {
  const begun = first().next('begun');
  await first().ask({ do: 'hang' });
  await begun;
  await first().kill();
  const left = (await server.command('PTTL', 'cache:l:k')) as number;
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(2000);
  const { runs } = await loadAll(children.slice(1), 10);
  expect(runs).toBe(1);
});

it('load once each while Redis is down', async () => {
  const alive = children.slice(1);
  const down = Promise.all(alive.map((child) => child.ask({ do: 'await-down' })));
  await server.kill();
  await down;
  await Promise.all(alive.map((child) => child.ask({ do: 'delete' })));
  const { runs, values } = await loadAll(alive, 50);
  expect([runs, values.size]).toEqual([3, 3]);
});

// A process with a cache of its own, for the specs that need several. It does what its parent's messages say.
import { openCache } from './cache.fixture.js';

/** What a parent asks for. */
export type ChildRequest =
  | { readonly do: 'open'; readonly url: string; readonly skewMs?: number }
  | { readonly do: 'load'; readonly callers: number; readonly loadMs: number }
  | { readonly do: 'hang' }
  | { readonly do: 'await-down' }
  | { readonly do: 'get' | 'delete' | 'deleteByTag' }
  | { readonly do: 'set'; readonly value: string };

const tags = ['t'];
let opened: Awaited<ReturnType<typeof openCache>> | undefined;
let runs = 0;

async function load(loadMs: number): Promise<string> {
  runs += 1;
  process.send?.({ event: 'begun' });
  await new Promise((resolve) => setTimeout(resolve, loadMs));
  return `of ${process.pid}`;
}

async function answer(request: ChildRequest): Promise<unknown> {
  if (request.do === 'open') {
    const now = Date.now.bind(Date);
    Date.now = () => now() + (request.skewMs ?? 0);
    opened = await openCache(request.url);
    return undefined;
  }
  const cacheProcess = opened as NonNullable<typeof opened>;
  const { cache } = cacheProcess;
  switch (request.do) {
    case 'load': {
      const before = runs;
      const calls = Array.from({ length: request.callers }, () =>
        cache.getOrSet('k', () => load(request.loadMs), { tags }),
      );
      const values = await Promise.all(calls);
      return { runs: runs - before, values: [...new Set(values)] };
    }
    case 'hang':
      void cache.getOrSet('k', () => load(2 ** 30));
      return undefined;
    case 'await-down':
      return cacheProcess.redis.reaches((state) => state.reads === 'down');
    case 'get':
      return cache.get('k');
    case 'set':
      return cache.set('k', request.value, { tags });
    case 'delete':
      return cache.delete('k');
    case 'deleteByTag':
      return cache.deleteByTag('t');
  }
}

process.on('message', (request: ChildRequest) => {
  answer(request).then(
    (result) => process.send?.({ event: 'done', result }),
    (error: unknown) => process.send?.({ event: 'done', error: String(error) }),
  );
});
process.send?.({ event: 'ready' });

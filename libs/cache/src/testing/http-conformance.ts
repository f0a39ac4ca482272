import {
  Get,
  Header,
  HttpCode,
  NotFoundException,
  Post,
  Req,
  Res,
  Sse,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { from, map } from 'rxjs';
import { serve, type HttpCacheSubject, type HttpServer } from './http-subject.js';

/** One thing that a cache of HTTP answers must do, or must never do. */
export interface HttpCase {
  /** A fact. */
  readonly name: string;
  /** @throws {AssertionError} when it is not so */
  run(subject: HttpCacheSubject): Promise<void>;
}

const cases: HttpCase[] = [];

/** @param routes makes a fresh controller, with what it counts on its prototype */
function it(
  name: string,
  routes: (subject: HttpCacheSubject) => Type,
  check: (app: HttpServer) => Promise<void>,
): void {
  const run = async (subject: HttpCacheSubject) => {
    const app = await serve(subject, routes(subject));
    try {
      await check(app);
    } finally {
      await app.close();
    }
  };
  cases.push({ name, run });
}

/** Asks one after the other. */
async function texts(
  app: HttpServer,
  asks: readonly (readonly [path: string, headers?: Record<string, string>])[],
) {
  const answers: string[] = [];
  for (const [path, headers] of asks) answers.push((await app.get(path, headers)).text);
  return answers;
}

/** A controller with one counting GET route. */
const counting =
  (prepare: (response: Response, request: Request) => unknown = () => undefined) =>
  () => {
    class Counting {
      runs = 0;
      @Get('*path')
      get(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
        this.runs += 1;
        prepare(response, request);
        return `run ${this.runs}`;
      }
    }
    return Counting;
  };

it('answers the second GET from the cache', counting(), async (app) => {
  deepEqual(await texts(app, [['/a'], ['/a']]), ['run 1', 'run 1']);
});

it('says MISS, then HIT in X-Cache', counting(), async (app) => {
  const outcomes = [await app.get('/a'), await app.get('/a')].map(({ headers }) => headers.get('x-cache'));
  deepEqual(outcomes, ['MISS', 'HIT']);
});

it('keeps the answers of different paths apart', counting(), async (app) => {
  deepEqual(await texts(app, [['/a/1'], ['/a/2'], ['/a/1']]), ['run 1', 'run 2', 'run 1']);
});

it('keeps the answers of different queries apart', counting(), async (app) => {
  deepEqual(await texts(app, [['/a?p=1'], ['/a?p=2'], ['/a?p=1&p=2']]), ['run 1', 'run 2', 'run 3']);
});

it('takes a query in another order as the same', counting(), async (app) => {
  deepEqual(await texts(app, [['/a?x=1&y=2'], ['/a?y=2&x=1']]), ['run 1', 'run 1']);
});

it('gives one bearer’s answer to no other', counting(), async (app) => {
  const asks = [
    ['/me', { authorization: 'Bearer a' }],
    ['/me', { authorization: 'Bearer b' }],
  ] as const;
  deepEqual(await texts(app, asks), ['run 1', 'run 2']);
});

it('gives a bearer’s answer to no guest', counting(), async (app) => {
  deepEqual(await texts(app, [['/me', { authorization: 'Bearer a' }], ['/me']]), ['run 1', 'run 2']);
});

it('gives one cookie’s answer to no other', counting(), async (app) => {
  deepEqual(
    await texts(app, [
      ['/me', { cookie: 'sid=a' }],
      ['/me', { cookie: 'sid=b' }],
    ]),
    ['run 1', 'run 2'],
  );
});

it('gives an authenticated user’s answer to no other', counting(), async (app) => {
  deepEqual(
    await texts(app, [
      ['/me', { 'x-user': 'ada' }],
      ['/me', { 'x-user': 'bob' }],
    ]),
    ['run 1', 'run 2'],
  );
});

for (const control of ['private', 'no-store', 'private, max-age=60']) {
  it(
    `does not keep what says Cache-Control: ${control}`,
    counting((r) => r.set('Cache-Control', control)),
    async (app) => {
      deepEqual(await texts(app, [['/a'], ['/a']]), ['run 1', 'run 2']);
    },
  );
}

it(
  'does not keep an answer that sets a cookie',
  counting((r) => r.cookie('sid', '1')),
  async (app) => {
    deepEqual(await texts(app, [['/a'], ['/a']]), ['run 1', 'run 2']);
  },
);

const sharedWithCookie = ({ shared }: HttpCacheSubject) => {
  class Shared {
    runs = 0;
    @shared()
    @Get('a')
    get(@Res({ passthrough: true }) response: Response) {
      response.cookie('sid', '1');
      return `run ${(this.runs += 1)}`;
    }
  }
  return Shared;
};

it(
  'answers people with cookies from the cache where a route is declared shared',
  sharedWithCookie,
  async (app) => {
    deepEqual(
      await texts(app, [
        ['/a', { cookie: 'sid=a' }],
        ['/a', { cookie: 'sid=b' }],
      ]),
      ['run 1', 'run 1'],
    );
  },
);

it('lets no cookie leave with a shared answer', sharedWithCookie, async (app) => {
  for (let i = 0; i < 2; i += 1)
    equal((await app.get('/a', { cookie: 'sid=a' })).headers.get('set-cookie'), null);
});

it(
  'gives an answer of another status with its own status, each time',
  counting((r) => r.status(202)),
  async (app) => {
    deepEqual([(await app.get('/a')).status, (await app.get('/a')).status], [202, 202]);
  },
);

it(
  'does not keep errors',
  () => {
    class Failing {
      runs = 0;
      @Get('a')
      get() {
        if ((this.runs += 1) === 1) throw new NotFoundException();
        return 'found';
      }
    }
    return Failing;
  },
  async (app) => {
    deepEqual([(await app.get('/a')).status, (await app.get('/a')).status], [404, 200]);
  },
);

it(
  'keeps the headers that a route has set',
  counting((r) => r.set('X-Custom', 'kept')),
  async (app) => {
    deepEqual(
      [(await app.get('/a')).headers.get('x-custom'), (await app.get('/a')).headers.get('x-custom')],
      ['kept', 'kept'],
    );
  },
);

it(
  'keeps the content type',
  counting((r) => r.type('text/csv')),
  async (app) => {
    const types = [
      (await app.get('/a')).headers.get('content-type'),
      (await app.get('/a')).headers.get('content-type'),
    ];
    deepEqual(types, ['text/csv; charset=utf-8', 'text/csv; charset=utf-8']);
  },
);

it(
  'gives the same bytes on a hit',
  () => {
    class Dates {
      @Get('a')
      get() {
        return { at: new Date(0), none: undefined, list: [undefined], text: 'ü' };
      }
    }
    return Dates;
  },
  async (app) => {
    const [first, second] = await texts(app, [['/a'], ['/a']]);
    equal(first, second);
  },
);

it(
  'keeps binary bodies whole',
  () => {
    class Binary {
      @Get('a')
      get(@Res() response: Response) {
        response.type('application/octet-stream').send(Buffer.from([0xff, 0x00, 0xfe]));
      }
    }
    return Binary;
  },
  async (app) => {
    for (let i = 0; i < 2; i += 1) {
      const bytes = await (await fetch(`${app.url}/a`)).arrayBuffer();
      deepEqual([...new Uint8Array(bytes)], [0xff, 0x00, 0xfe]);
    }
  },
);

it(
  'answers by what the answer varies by',
  counting((response, request) => {
    response.vary('Accept-Language').set('Content-Language', request.get('accept-language'));
  }),
  async (app) => {
    for (let round = 0; round < 3; round += 1) {
      for (const language of ['en', 'fr']) {
        const answer = await app.get('/a', { 'accept-language': language });
        equal(answer.headers.get('content-language'), language);
      }
    }
    equal((await app.get('/a', { 'accept-language': 'fr' })).headers.get('x-cache'), 'HIT');
  },
);

it(
  'does not keep what says Vary: *',
  counting((r) => r.set('Vary', '*')),
  async (app) => {
    deepEqual(await texts(app, [['/a'], ['/a']]), ['run 1', 'run 2']);
  },
);

it(
  'answers 304 on a hit to whoever has it already',
  counting((r) => r.set('ETag', '"v1"')),
  async (app) => {
    await app.get('/a');
    const answer = await app.get('/a', { 'if-none-match': '"v0", W/"v1"' });
    deepEqual([answer.status, answer.text, answer.headers.get('x-cache')], [304, '', 'HIT']);
  },
);

it(
  'is not spoiled by a first request that is conditional',
  counting((r) => r.set('ETag', '"v1"')),
  async (app) => {
    equal((await app.get('/a', { 'if-none-match': '"v1"' })).status, 304);
    const answer = await app.get('/a');
    deepEqual([answer.status, answer.text], [200, 'run 1']);
  },
);

it('answers HEAD from the answer to GET', counting(), async (app) => {
  const whole = await app.get('/a');
  const head = await app.ask('HEAD', '/a');
  deepEqual([head.text, head.headers.get('x-cache')], ['', 'HIT']);
  equal(head.headers.get('content-length'), whole.headers.get('content-length'));
});

it('is not spoiled by a first request that is HEAD', counting(), async (app) => {
  await app.ask('HEAD', '/a');
  ok((await app.get('/a')).text.startsWith('run'));
});

it(
  'gives a part to nobody who asked for the whole',
  () => {
    class Ranges {
      @Get('a')
      get(@Req() request: Request, @Res({ passthrough: true }) response: Response) {
        if (!request.headers.range) return 'whole';
        response.status(206).set('Content-Range', 'bytes 0-1/5');
        return 'wh';
      }
    }
    return Ranges;
  },
  async (app) => {
    await app.get('/a', { range: 'bytes=0-1' });
    const answer = await app.get('/a');
    deepEqual([answer.status, answer.text], [200, 'whole']);
  },
);

it(
  'sends all events of a stream of events, each time',
  () => {
    class Events {
      @Sse('a')
      events() {
        return from(['e1', 'e2', 'e3'].map((data) => ({ data })));
      }
    }
    return Events;
  },
  async (app) => {
    for (const text of await texts(app, [['/a'], ['/a']])) equal(text.match(/e[123]/g)?.length ?? text, 3);
  },
);

it(
  'sends a streamed file whole, each time',
  () => {
    class Files {
      @Get('a')
      get() {
        return new StreamableFile(Readable.from([Buffer.from('one '), Buffer.from('two')]));
      }
    }
    return Files;
  },
  async (app) => {
    deepEqual(await texts(app, [['/a'], ['/a']]), ['one two', 'one two']);
  },
);

it(
  'lets no field out on a hit that a serializer leaves out',
  () => {
    class Person {
      readonly name = 'Ada';
      readonly passwordHash = 'secret';
    }
    // What ClassSerializerInterceptor and @Exclude() do, without class-transformer.
    class Serializer implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler) {
        return next
          .handle()
          .pipe(map((answer: unknown) => (answer instanceof Person ? { name: answer.name } : answer)));
      }
    }
    class People {
      static readonly outermost = Serializer;
      @Get('a')
      get() {
        return new Person();
      }
    }
    return People;
  },
  async (app) => {
    for (const text of await texts(app, [['/a'], ['/a']]))
      ok(!text.includes('secret') && text.includes('Ada'));
  },
);

it(
  'never answers POST from the cache',
  () => {
    class Orders {
      runs = 0;
      @Post('a')
      @HttpCode(200)
      post() {
        return `run ${(this.runs += 1)}`;
      }
    }
    return Orders;
  },
  async (app) => {
    deepEqual([(await app.ask('POST', '/a')).text, (await app.ask('POST', '/a')).text], ['run 1', 'run 2']);
  },
);

it(
  'runs a route once for a hundred who ask at once',
  () => {
    class Slow {
      runs = 0;
      @Get('a')
      async get() {
        this.runs += 1;
        await sleep(50);
        return `run ${this.runs}`;
      }
    }
    return Slow;
  },
  async (app) => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => app.get('/a')));
    deepEqual([...new Set(answers.map(({ text }) => text))], ['run 1']);
  },
);

it(
  'caches an empty answer like any other',
  () => {
    class Empty {
      runs = 0;
      @Get('a')
      @Header('X-Route', 'empty')
      get(@Res({ passthrough: true }) response: Response) {
        response.set('X-Run', String((this.runs += 1)));
        return null;
      }
    }
    return Empty;
  },
  async (app) => {
    await app.get('/a');
    equal((await app.get('/a')).headers.get('x-run'), '1');
  },
);

it(
  'serves the last answer while the route fails',
  ({ shortLived }) => {
    class Unsteady {
      runs = 0;
      @shortLived()
      @Get('a')
      get() {
        if ((this.runs += 1) > 1) throw new Error('The origin is down.');
        return 'good';
      }
    }
    return Unsteady;
  },
  async (app) => {
    await app.get('/a');
    await sleep(60);
    const answer = await app.get('/a');
    deepEqual([answer.status, answer.text, answer.headers.get('x-cache')], [200, 'good', 'STALE']);
  },
);

it(
  'is not spoiled by a reader who goes away',
  () => {
    class Slow {
      runs = 0;
      @Get('a')
      async get() {
        this.runs += 1;
        await sleep(this.runs === 1 ? 100 : 0);
        return 'whole';
      }
    }
    return Slow;
  },
  async (app) => {
    const gone = fetch(`${app.url}/a`, { signal: AbortSignal.timeout(30) }).catch(() => undefined);
    await sleep(10);
    const [, waiting] = await Promise.all([gone, app.get('/a')]);
    deepEqual([waiting.status, waiting.text], [200, 'whole']);
    notEqual((await app.get('/a')).text, '');
  },
);

/** What a cache of HTTP answers must do, case by case. It knows no cache by name. */
export const httpConformance: readonly HttpCase[] = cases;

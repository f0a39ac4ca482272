import { createServer } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { makeEffect } from './job.mjs';

/** Without a replica it goes straight into the outbox. */
const outbox = { durability: 'replicated' };

/** What a client can ask of the stage: how many jobs, and on which way. Answers the ids it has accepted. */
const routes = {
  '/jobs': async (queue) => [await queue.add(makeEffect, {})],
  '/outbox': (queue, count) =>
    queue.addBulk(makeEffect, Array(count).fill({}), { ...outbox, deadlineMs: 5_000 }),
  // The same job on both ways at once: whoever comes second must find it done.
  '/races': async (queue, count) => {
    const ids = Array.from({ length: count }, () => uuidv7());
    const race = async (id) => {
      const ways = [queue.add(makeEffect, {}, { id, ...outbox }), queue.add(makeEffect, {}, { id })];
      const results = await Promise.allSettled(ways);
      return results.find(({ status }) => status === 'fulfilled')?.value;
    };
    return (await Promise.all(ids.map(race))).filter(Boolean);
  },
};

/** Adds jobs for whoever asks: `POST /jobs`, `POST /outbox?count=`, `POST /races?count=`. */
export function serve(queue, port) {
  createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://stage');
    routes[pathname](queue, Number(searchParams.get('count') ?? 1)).then(
      (placed) => response.writeHead(202).end(JSON.stringify(placed)),
      (error) => response.writeHead(503).end(JSON.stringify({ code: error.code ?? error.name })),
    );
  }).listen(port, '127.0.0.1');
}

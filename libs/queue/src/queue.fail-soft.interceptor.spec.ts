import { Controller, Post, UseInterceptors, type INestApplication, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, expect, it } from '@jest/globals';
import { RedisUnavailableError } from '@trivet/redis';
import type { Server } from 'node:http';
import supertest from 'supertest';
import { QueueFailSoftInterceptor } from './queue.fail-soft.interceptor.js';

class Handlers {
  @Post()
  enqueue() {
    throw new RedisUnavailableError({ group: 'queue', operation: 'queue.add', reason: 'breaker-open' });
  }
}

@Controller()
@UseInterceptors(QueueFailSoftInterceptor)
class Guarded extends Handlers {}

@Controller()
class Bare extends Handlers {}

let app: INestApplication<Server>;

async function post(controller: Type) {
  const module = await Test.createTestingModule({ controllers: [controller] }).compile();
  app = module.createNestApplication<INestApplication<Server>>({ logger: false });
  await app.init();
  return supertest(app.getHttpServer()).post('/');
}

afterEach(() => app.close());

it('refuses a job for a while, with a code and a time to come back', async () => {
  const answer = await post(Guarded);
  expect([answer.status, answer.get('Retry-After'), answer.get('X-Degraded')]).toEqual([503, '2', 'queue']);
  expect(answer.body).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
});

it('is what keeps this from being a 500: without it it is', async () => {
  expect((await post(Bare)).status).toBe(500);
});

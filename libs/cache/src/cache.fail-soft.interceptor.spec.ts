import { Controller, Get, Post, UseInterceptors, type INestApplication, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, expect, it } from '@jest/globals';
import { RedisUnavailableError } from '@trivet/redis';
import type { Server } from 'node:http';
import supertest from 'supertest';
import { isCacheBypassed } from './bypass.js';
import { CacheFailSoftInterceptor } from './cache.fail-soft.interceptor.js';

class Handlers {
  @Get()
  read() {
    if (isCacheBypassed()) return { from: 'the origin' };
    throw new RedisUnavailableError({ group: 'cache', operation: 'spec.read', reason: 'deadline' });
  }

  @Post()
  change() {
    throw new RedisUnavailableError({ group: 'cache', operation: 'spec.change', reason: 'deadline' });
  }
}

@Controller()
@UseInterceptors(CacheFailSoftInterceptor)
class Guarded extends Handlers {}

@Controller()
class Bare extends Handlers {}

let app: INestApplication<Server>;

async function serve(controller: Type) {
  const module = await Test.createTestingModule({ controllers: [controller] }).compile();
  app = module.createNestApplication<INestApplication<Server>>({ logger: false });
  await app.init();
  return supertest(app.getHttpServer());
}

afterEach(() => app.close());

it('answers a read from the origin', async () => {
  const answer = await (await serve(Guarded)).get('/');
  expect([answer.status, answer.body, answer.get('X-Degraded')]).toEqual([
    200,
    { from: 'the origin' },
    'cache',
  ]);
});

it('refuses a change for a while', async () => {
  const answer = await (await serve(Guarded)).post('/');
  expect([answer.status, answer.get('Retry-After'), answer.get('X-Degraded')]).toEqual([503, '2', 'cache']);
});

it('is what keeps these from being a 500: without it they are', async () => {
  const requests = await serve(Bare);
  expect((await requests.get('/')).status).toBe(500);
  expect((await requests.post('/')).status).toBe(500);
});

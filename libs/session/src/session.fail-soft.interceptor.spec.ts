import { Controller, Get, UseInterceptors, type INestApplication, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, expect, it } from '@jest/globals';
import { RedisUnavailableError } from '@trivet/redis';
import type { Server } from 'node:http';
import supertest from 'supertest';
import { RequiresLiveSession } from './live-session.js';
import { SessionFailSoftInterceptor } from './session.fail-soft.interceptor.js';

class Handlers {
  @Get('list')
  list() {
    throw new RedisUnavailableError({ group: 'session', operation: 'session.devices', reason: 'deadline' });
  }

  @RequiresLiveSession()
  @Get('step-up')
  stepUp() {
    this.list();
  }

  @Get('other-group')
  otherGroup() {
    throw new RedisUnavailableError({ group: 'cache', operation: 'cache.get', reason: 'deadline' });
  }
}

@Controller()
@UseInterceptors(SessionFailSoftInterceptor)
class Guarded extends Handlers {}

@Controller()
class Bare extends Handlers {}

let app: INestApplication<Server>;

async function get(controller: Type, path: string) {
  const module = await Test.createTestingModule({ controllers: [controller] }).compile();
  app = module.createNestApplication<INestApplication<Server>>({ logger: false });
  await app.init();
  return supertest(app.getHttpServer()).get(path);
}

afterEach(() => app.close());

it('answers as to a guest when the session group fails a handler', async () => {
  const answer = await get(Guarded, '/list');
  expect([answer.status, answer.get('X-Degraded')]).toEqual([401, 'session']);
});

it('refuses a step-up for a while', async () => {
  const answer = await get(Guarded, '/step-up');
  expect([answer.status, answer.get('X-Degraded')]).toEqual([503, 'session']);
  expect(answer.body).toMatchObject({ code: 'SESSION_UNAVAILABLE', retryAfterSeconds: 2 });
  expect(answer.get('Retry-After')).toBe('2');
});

it('leaves another group’s failure to that group', async () => {
  expect((await get(Guarded, '/other-group')).get('X-Degraded')).toBeUndefined();
});

it('is what keeps these from being a 500: without it they are', async () => {
  const answer = await get(Bare, '/list');
  expect([answer.status, answer.get('X-Degraded')]).toEqual([500, undefined]);
});

import {
  Controller,
  Get,
  Post,
  UseInterceptors,
  type INestApplication,
  type NestInterceptor,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';
import { of } from 'rxjs';
import supertest from 'supertest';
import { SharedResponse, sharedPaths } from './shared-response.js';

/** As a cache does with a hit: what stands behind it is not asked. */
class AnswersByItself implements NestInterceptor {
  intercept() {
    return of('kept');
  }
}

@Controller()
class Routes {
  @SharedResponse()
  @UseInterceptors(AnswersByItself)
  @Get('kept')
  kept() {
    return 'never asked';
  }

  @SharedResponse()
  @Get('shared')
  shared() {
    return 'for everybody';
  }

  @Get('own')
  own() {
    return 'for one';
  }
}

@SharedResponse()
@Controller(['news', '/archive/'])
class News {
  @Get()
  all() {
    return [];
  }

  @Get(':id/text')
  text() {
    return '';
  }

  plain() {
    return 'no route';
  }
}

@Controller('api')
class Mixed {
  @SharedResponse()
  @Get('courses')
  courses() {
    return [];
  }

  @SharedResponse()
  @Get('lessons/:slug')
  lesson() {
    return {};
  }

  @Post('lessons/:slug')
  edit() {
    return {};
  }
}

/** Sets cookies before the route, and as late as express-session does. */
function cookies(_request: Request, response: Response, next: NextFunction) {
  response.cookie('early', '1');
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => Response;
  response.writeHead = (...args: unknown[]) => {
    response.append('Set-Cookie', 'late=1');
    return writeHead(...args);
  };
  next();
}

let app: INestApplication<Server>;

beforeEach(async () => {
  const module = await Test.createTestingModule({ controllers: [Routes] }).compile();
  app = module.createNestApplication<INestApplication<Server>>({ logger: false });
  app.use(cookies);
  await app.init();
});

afterEach(() => app.close());

it('lets no cookie leave with a shared answer', async () => {
  const answer = await supertest(app.getHttpServer()).get('/shared');
  expect([answer.status, answer.text, answer.get('Set-Cookie')]).toEqual([200, 'for everybody', undefined]);
});

it('lets none leave with an answer of an interceptor in front of the route', async () => {
  const answer = await supertest(app.getHttpServer()).get('/kept');
  expect([answer.status, answer.text, answer.get('Set-Cookie')]).toEqual([200, 'kept', undefined]);
});

it('lets cookies leave with any other', async () => {
  const answer = await supertest(app.getHttpServer()).get('/own');
  expect(answer.get('Set-Cookie')).toEqual(['early=1; Path=/', 'late=1']);
});

it('knows the paths where every route is shared', () => {
  expect(sharedPaths(Routes, News, Mixed)).toEqual([
    '/kept',
    '/shared',
    '/news',
    '/archive',
    '/news/:id/text',
    '/archive/:id/text',
    '/api/courses',
  ]);
});

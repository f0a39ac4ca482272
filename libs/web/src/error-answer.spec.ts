import { describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  ForbiddenException,
  HttpException,
  InternalServerErrorException,
  NotFoundException,
  UnauthorizedException,
} from '@nestjs/common';
import {
  CertificateExistsError,
  CertificateNotFoundError,
  CourseNotFoundError,
  EmailTakenError,
  InvalidCredentialsError,
  LessonNotFoundError,
  PasswordPolicyError,
  TooManySignInsError,
} from '@trivet/academy';
import { DatabaseUnavailableError } from '@trivet/database';
import { GroupUnavailableException, RedisUnavailableError } from '@trivet/redis';
import { errorAnswer } from './error-answer.js';
import { invalidBody } from './invalid-body.js';

const redisDown = (group: string) =>
  new RedisUnavailableError({ group, operation: 'spec.read', reason: 'deadline' });

describe('errorAnswer', () => {
  it.each([
    [new InvalidCredentialsError(), 401, 'INVALID_CREDENTIALS'],
    [new EmailTakenError(), 409, 'EMAIL_TAKEN'],
    [new CertificateExistsError('c-1'), 409, 'CERTIFICATE_EXISTS'],
    [new PasswordPolicyError(8, 64), 400, 'PASSWORD_POLICY'],
    [new CourseNotFoundError(), 404, 'COURSE_NOT_FOUND'],
    [new LessonNotFoundError(), 404, 'LESSON_NOT_FOUND'],
    [new CertificateNotFoundError(), 404, 'CERTIFICATE_NOT_FOUND'],
  ])('gives a rule of the academy its status: %s', (error, status, code) => {
    expect(errorAnswer(error)).toEqual({ status, code, message: error.message });
  });

  it('says when to try a sign-in again', () => {
    expect(errorAnswer(new TooManySignInsError(42))).toMatchObject({ status: 429, retryAfterSeconds: 42 });
  });

  it.each([
    ['that escaped a handler', redisDown('cache'), 'CACHE_UNAVAILABLE'],
    [
      'that was declared',
      new GroupUnavailableException('session', redisDown('session')),
      'SESSION_UNAVAILABLE',
    ],
  ])('makes a Redis outage %s a 503 with a time to come back', (_how, error, code) => {
    expect(errorAnswer(error)).toEqual({
      status: 503,
      code,
      message: 'This cannot be done just now. Please try again in a moment.',
      retryAfterSeconds: 2,
    });
  });

  it('makes a lost database a 503 and says nothing about it', () => {
    const answer = errorAnswer(new DatabaseUnavailableError(new Error('connect ECONNREFUSED 10.1.2.3:5432')));
    expect(answer).toMatchObject({ status: 503, code: 'DATABASE_UNAVAILABLE', retryAfterSeconds: 5 });
    expect(JSON.stringify(answer)).not.toMatch(/10\.1\.2\.3|PostgreSQL|DATABASE_URL/);
  });

  it.each([
    [new BadRequestException('Say what.'), 400, 'BAD_REQUEST'],
    [new UnauthorizedException('Sign in first.'), 401, 'UNAUTHORIZED'],
    [new ForbiddenException('This is for operators.'), 403, 'FORBIDDEN'],
    [new HttpException('A teapot.', 418), 418, 'ERROR'],
    [new InternalServerErrorException('Broken.'), 500, 'ERROR'],
  ])('keeps the status and words of %s', (error, status, code) => {
    expect(errorAnswer(error)).toEqual({ status, code, message: error.message });
  });

  it('does not repeat the address that was not found', () => {
    expect(errorAnswer(new NotFoundException('Cannot GET /<script>')).message).toBe(
      'There is nothing at this address.',
    );
  });

  it('names the wrong fields of a body', () => {
    expect(errorAnswer(invalidBody([{ message: 'is missing', path: ['email'] }]))).toEqual({
      status: 400,
      code: 'INVALID_BODY',
      message: 'email: is missing',
      fields: [{ field: 'email', message: 'is missing' }],
    });
  });

  it.each([
    ['entity.parse.failed', 400, 'BAD_REQUEST', /cannot be read/],
    ['entity.too.large', 413, 'PAYLOAD_TOO_LARGE', /larger than 100 kB/],
    ['encoding.unsupported', 415, 'UNSUPPORTED_MEDIA_TYPE', /encoding is not supported/],
  ])('translates the body parser’s %s', (type, status, code, message) => {
    const answer = errorAnswer(Object.assign(new Error('at position 7: hunter2'), { type, status }));
    expect(answer).toEqual({ status, code, message: expect.stringMatching(message) });
  });

  it.each([
    ['a bug', new TypeError('cannot read hunter2')],
    ['a parser’s own failure', Object.assign(new Error('hunter2'), { type: 'stream.failed', status: 500 })],
    ['no error at all', 'hunter2'],
    ['nothing', undefined],
  ])('says nothing about %s', (_what, error) => {
    expect(errorAnswer(error)).toEqual({
      status: 500,
      code: 'INTERNAL_ERROR',
      message: 'Something went wrong on our side.',
    });
  });
});

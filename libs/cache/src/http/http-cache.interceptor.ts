import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { LRUCache } from 'lru-cache';
import type { Request } from 'express';
import type { ServerResponse } from 'node:http';
import { Observable, type Subscriber } from 'rxjs';
import { isCacheBypassed } from '../bypass.js';
import { CacheLoadTimeoutError } from '../cache.errors.js';
import { Cache } from '../cache.js';
import { answerKey, variantKey } from './answer-key.js';
import { answerOf, sendAnswer, takeCondition, type Answer, type Condition } from './answer.js';
import { AnswerTap } from './answer-tap.js';
import { isCacheableRequest, isStorable, varyNames } from './cacheability.js';
import { NotStorableError } from './http-cache.errors.js';
import type { HttpCacheOptions } from './http-cache.options.js';
import { HTTP_CACHE } from './http-cache.tokens.js';
import { rawResponse } from './raw-response.js';
import { isSharedResponse } from './shared-response.js';

/** One request and what answers it. */
interface Exchange {
  readonly request: Request;
  readonly response: ServerResponse;
  readonly next: CallHandler;
  readonly subscriber: Subscriber<unknown>;
  readonly options: HttpCacheOptions;
  /** Key of the answer, without what it varies by. */
  readonly key: string;
  readonly condition: Condition;
}

// An answer cannot change horses: who has begun to make it sends it.
const neverMs = 2 ** 31 - 1;
const passMs = 10_000;
const varyLife = { ttlSeconds: 24 * 3600, jitter: 0 };

// One that is declared on the app and on a route stands in its own way: the inner would wait for the outer's load.
const inHand = new WeakSet<ServerResponse>();

/**
 * Caches answers to GET and HEAD as they leave Nest, behind every serializer, so that a hit is the same bytes. Personal
 * requests go past it, and answers that are not for everybody are not kept.
 */
@Injectable()
export class HttpCacheInterceptor implements NestInterceptor {
  /** Keys whose answers were not to be kept a moment ago: nobody waits for those. */
  readonly #passing = new LRUCache<string, true>({ max: 10_000, ttl: passMs });

  constructor(
    private readonly cache: Cache,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<Request>();
    const response = rawResponse(context);
    if (inHand.has(response)) return next.handle();
    inHand.add(response);
    if (!isCacheableRequest(request, isSharedResponse(context)) || isCacheBypassed()) {
      return pass(response, next);
    }
    const targets = [context.getHandler(), context.getClass()];
    const options = this.reflector.getAllAndOverride<HttpCacheOptions | undefined>(HTTP_CACHE, targets) ?? {};
    const key = answerKey(request, options.query);
    return new Observable((subscriber) => {
      const condition = takeCondition(request);
      this.#serve({ request, response, next, subscriber, options, key, condition }).catch((error: unknown) =>
        subscriber.error(error),
      );
    });
  }

  async #serve(exchange: Exchange): Promise<void> {
    const { request, response, next, subscriber, key } = exchange;
    const vary = (await this.cache.get<string[]>(`${key} vary`)) ?? [];
    const variant = variantKey(key, request, vary);
    if (request.method === 'HEAD' || this.#passing.has(variant)) {
      const answer = await this.cache.get<Answer>(variant);
      if (answer) return replay(exchange, answer, 'HIT');
      pass(response, next).subscribe(subscriber);
      return;
    }
    let isAnswering = false;
    const lead = async () => {
      // Overtaken by an invalidation, and sent already.
      if (isAnswering) throw new NotStorableError(false);
      isAnswering = true;
      return this.#lead(exchange, vary).catch((error: unknown) => {
        isAnswering = error instanceof NotStorableError;
        throw error;
      });
    };
    try {
      const { value, outcome } = await this.cache.lookUp(variant, lead, this.#entryOptions(exchange));
      if (!isAnswering) replay(exchange, value, outcome);
    } catch (error) {
      const isOwn = error instanceof NotStorableError;
      if (isAnswering && isOwn && error.isForGood) await this.#keepAway(variant);
      if (isAnswering) return;
      if (!isOwn && !(error instanceof CacheLoadTimeoutError)) throw error;
      pass(response, next).subscribe(subscriber);
    }
  }

  /** What was kept while it might be is not served any more either. */
  async #keepAway(variant: string): Promise<void> {
    this.#passing.set(variant, true);
    await this.cache.delete(variant);
  }

  #entryOptions({ request, options }: Exchange) {
    const { tags = [], ttlSeconds, graceSeconds, backOffSeconds, jitter } = options;
    return {
      ...{ ttlSeconds, graceSeconds, backOffSeconds, jitter },
      tags: typeof tags === 'function' ? tags(request) : tags,
      revalidateSeconds: 0,
      softTimeoutMs: neverMs,
    };
  }

  /** Lets the handler answer its own request, and keeps what it answers. @throws {NotStorableError} */
  #lead({ response, next, subscriber, key, condition }: Exchange, vary: readonly string[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const before = response.getHeaders();
      const tap = new AnswerTap(response, {
        given: () => {
          if (!response.headersSent) response.setHeader('X-Cache', 'BYPASS');
          reject(new NotStorableError(true));
        },
        whole: (body, send) => {
          const unknown = varyNames(response.getHeaders()).filter((name) => !vary.includes(name));
          if (!isStorable(response.statusCode, response.getHeaders(), body)) {
            response.setHeader('X-Cache', 'BYPASS');
            send();
            return reject(new NotStorableError(true));
          }
          const answer = answerOf(response, body, before);
          sendAnswer(response, answer, { outcome: 'MISS', condition });
          if (unknown.length === 0) return resolve(answer);
          // The first answer tells what the others depend on; from now on it is part of their keys.
          const names = [...vary, ...unknown].sort();
          void this.cache.set(`${key} vary`, names, varyLife).then(() => reject(new NotStorableError(false)));
        },
      });
      next.handle().subscribe({
        next: (value) => subscriber.next(value),
        complete: () => subscriber.complete(),
        error: (error: Error) => {
          tap.close();
          reject(error);
        },
      });
    });
  }
}

function pass(response: ServerResponse, next: CallHandler): Observable<unknown> {
  // Server-sent events may have begun while the cache was asked.
  if (!response.headersSent) response.setHeader('X-Cache', 'BYPASS');
  return next.handle();
}

/** Sends the kept answer; what Nest makes of the empty result afterwards goes nowhere. */
function replay(
  { response, subscriber, condition }: Exchange,
  answer: Answer,
  outcome: 'HIT' | 'MISS' | 'STALE' | 'BYPASS',
) {
  sendAnswer(response, answer, { outcome, condition });
  response.setHeader = () => response;
  response.removeHeader = () => undefined;
  response.end = () => response;
  subscriber.next(undefined);
  subscriber.complete();
}

import {
  Controller,
  Module,
  type DynamicModule,
  type NestInterceptor,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';

/** An interceptor that caches HTTP answers, and the module it needs. */
export interface HttpCacheSubject {
  readonly name: string;
  /** Run in the order given, the first one outermost. */
  readonly interceptors: readonly Type<NestInterceptor>[];
  readonly cache: DynamicModule;
  /** Declares on a route that its answers live for 50 ms. */
  readonly shortLived: () => MethodDecorator;
  /** Declares on a route that its body is the same for everybody. */
  readonly shared: () => MethodDecorator;
}

/** One answer, whole. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A running app with the routes of one case. */
export interface HttpServer {
  get(path: string, headers?: Record<string, string>): Promise<Answered>;
  ask(method: string, path: string, headers?: Record<string, string>): Promise<Answered>;
  url: string;
  close(): Promise<void>;
}

/** A controller, and an interceptor to stand in front of the cache's. */
type Routes = Type & { readonly outermost?: Type<NestInterceptor> };

/** Starts an app whose only controller is `routes`, behind the subject's interceptors. */
export async function serve(subject: HttpCacheSubject, routes: Routes): Promise<HttpServer> {
  Controller()(routes);
  class App {}
  const interceptors = [...(routes.outermost ? [routes.outermost] : []), ...subject.interceptors];
  const providers: Provider[] = interceptors.map((useClass) => ({
    provide: APP_INTERCEPTOR,
    useClass,
  }));
  Module({ imports: [subject.cache], controllers: [routes], providers })(App);
  const app = await NestFactory.create<NestExpressApplication>(App, { logger: false });
  app.use(whoAsks);
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const ask = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, { method, headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { url, ask, get: (path, headers) => ask('GET', path, headers), close: () => app.close() };
}

/** What an authentication middleware does. */
function whoAsks(request: Request & { user?: unknown }, _response: Response, next: NextFunction): void {
  const user = request.get('x-user');
  if (user) request.user = { name: user };
  next();
}

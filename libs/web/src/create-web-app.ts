import { StandardSchemaValidationPipe, type DynamicModule, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import { invalidBody } from './invalid-body.js';
import type { Links } from '@trivet/ui';

/** What {@link createWebApp} needs besides the module. */
export interface WebAppOptions {
  readonly logger: LoggerService;
  readonly links: Links;
  /** Addresses and ranges whose `X-Forwarded-*` are believed; none by default, never all. */
  readonly trustedProxies: readonly string[];
}

const bodyLimitBytes = 100_000;

/** A Nest app with what both web apps put in front of their routes: headers, body limits, trust in proxies. */
export async function createWebApp(
  module: DynamicModule,
  options: WebAppOptions,
): Promise<NestExpressApplication> {
  const { logger, links, trustedProxies } = options;
  const app = await NestFactory.create<NestExpressApplication>(module, { logger, bodyParser: false });
  app.set('trust proxy', trustedProxies.length > 0 ? trustedProxies : false);
  app.disable('x-powered-by');
  // A hash of each body, for answers that nobody may store; what the cache answers with brings its own.
  app.disable('etag');
  app.use(securityHeaders(links));
  app.use(noStore);
  app.useBodyParser('json', { limit: bodyLimitBytes });
  app.useBodyParser('urlencoded', { limit: bodyLimitBytes, extended: false });
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: invalidBody }));
  return app;
}

function securityHeaders({ dashboard, learn }: Links) {
  const secure = dashboard.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        // After a sign-in the form's answer leads back to the app that asked for it.
        formAction: ["'self'", dashboard, learn],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: secure ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    // Express does not set it here, and to remove a header makes all others of the answer slower.
    xPoweredBy: false,
  });
}

/** Pages differ from person to person; only assets say otherwise. */
function noStore(_request: Request, response: Response, next: NextFunction): void {
  response.setHeader('Cache-Control', 'no-store');
  next();
}

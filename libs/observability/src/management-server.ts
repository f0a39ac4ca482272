import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Metrics } from './metrics.js';
import type { ObservabilityOptions } from './observability.options.js';
import { OBSERVABILITY_OPTIONS } from './observability.tokens.js';
import { Readiness } from './readiness.js';

/** Health with reasons and metrics, on a port of its own that no Ingress routes. */
@Injectable()
export class ManagementServer implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #logger = new Logger(ManagementServer.name);
  readonly #server: Server;

  constructor(
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ObservabilityOptions,
  ) {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.#logger.error('A management request failed', {
          event: 'management_request_failed',
          error: String(error),
        });
        response.writeHead(500).end();
      });
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    const { managementHost = '127.0.0.1', managementPort } = this.options;
    this.#server.listen(managementPort, managementHost);
    await once(this.#server, 'listening');
  }

  onApplicationShutdown(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
    if (method !== 'GET' && method !== 'HEAD') {
      return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    }
    const path = url?.split('?')[0] ?? '/';
    switch (path) {
      case '/health/live':
        return sendJson(response, 200, { status: 'ok' });
      case '/health/ready':
      case '/health': {
        const health = await this.readiness.check();
        const body = path === '/health/ready' ? { status: health.status } : health;
        return sendJson(response, health.status === 'unavailable' ? 503 : 200, body);
      }
      case '/metrics': {
        const { body, contentType } = await this.metrics.text();
        return void response.writeHead(200, { 'Content-Type': contentType }).end(body);
      }
      default:
        return sendJson(response, 404, { status: 'not found' });
    }
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

import { Controller, Get, Header, HttpStatus, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Readiness } from './readiness.js';

/** What the load balancer may know: whether, never why. */
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process runs. Looks at nothing else, so that no outage restarts it. */
  @Get('live')
  @Header('Cache-Control', 'no-store')
  live() {
    return { status: 'ok' };
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  async ready(@Res({ passthrough: true }) response: ServerResponse) {
    const { status } = await this.readiness.check();
    if (status === 'unavailable') response.statusCode = HttpStatus.SERVICE_UNAVAILABLE;
    return { status };
  }
}

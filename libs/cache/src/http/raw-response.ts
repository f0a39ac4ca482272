import type { ExecutionContext } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

/** Node's response behind Express's, which is the same, or Fastify's, which wraps it. */
export function rawResponse(context: ExecutionContext): ServerResponse {
  const response = context.switchToHttp().getResponse<ServerResponse & { readonly raw?: ServerResponse }>();
  return response.raw ?? response;
}

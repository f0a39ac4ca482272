import type { Request } from 'express';

/** Whether the answer is for a person's browser; everything under `/api` speaks JSON. */
export function wantsHtml(request: Request): boolean {
  return !request.path.startsWith('/api/') && request.accepts(['json', 'html']) === 'html';
}

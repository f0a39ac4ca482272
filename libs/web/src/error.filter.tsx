import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ErrorPage, signInUrl } from '@trivet/ui';
import type { Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { errorAnswer, type ErrorAnswer } from './error-answer.js';
import { Pages } from './pages.js';
import { wantsHtml } from './wants-html.js';

const titles: Readonly<Record<number, string>> = {
  400: 'That did not work',
  401: 'Sign in first',
  403: 'Not for you',
  404: 'Nothing here',
  413: 'Too much',
  429: 'Too many tries',
  500: 'Our mistake',
  503: 'Just a moment',
};

/** Answers errors in the caller's language: a page for a person, JSON for a program. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(ErrorFilter.name);

  constructor(private readonly pages: Pages) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    const answer = errorAnswer(error);
    const requestId = randomUUID();
    if (answer.status === 500) this.#log(error, requestId);
    if (response.headersSent) return void response.end();
    if (answer.retryAfterSeconds) response.setHeader('Retry-After', answer.retryAfterSeconds);
    if (!wantsHtml(request)) return void response.status(answer.status).json(toJson(answer));
    if (answer.status === 401 && request.method === 'GET') {
      return response.redirect(303, signInUrl(this.pages.guestContext(request)));
    }
    await this.#sendPage(request, response, { ...answer, requestId });
  }

  async #sendPage(
    request: Request,
    response: Response,
    answer: ErrorAnswer & { requestId: string },
  ): Promise<void> {
    // Who asks is worth knowing, but not worth a second failure.
    const context = await this.pages.context(request).catch(() => this.pages.guestContext(request));
    const { status, message, requestId, retryAfterSeconds } = answer;
    const page = (
      <ErrorPage
        context={context}
        status={status}
        title={titles[status] ?? 'That did not work'}
        message={message}
        requestId={requestId}
        retryAfterSeconds={retryAfterSeconds}
      />
    );
    this.pages.send(response, page, status);
  }

  #log(error: unknown, requestId: string): void {
    const stack = error instanceof Error ? error.stack : String(error);
    this.#logger.error('A request failed', { event: 'request_failed', requestId, stack });
  }
}

function toJson({ status, code, message, retryAfterSeconds, fields }: ErrorAnswer) {
  return {
    statusCode: status,
    code,
    message,
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
    ...(fields ? { fields } : {}),
  };
}

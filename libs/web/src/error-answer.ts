import { HttpException, NotFoundException } from '@nestjs/common';
import { AcademyError, TooManySignInsError } from '@trivet/academy';
import { DatabaseQueryError, DatabaseUnavailableError } from '@trivet/database';
import { GroupUnavailableException, RedisUnavailableError } from '@trivet/redis';

/** What an error is to the outside: never its stack, its cause or anything of the inside. */
export interface ErrorAnswer {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly retryAfterSeconds?: number;
  /** Wrong fields of a body. */
  readonly fields?: unknown;
}

const academyStatus: Readonly<Record<string, number>> = {
  INVALID_CREDENTIALS: 401,
  TOO_MANY_SIGN_INS: 429,
  EMAIL_TAKEN: 409,
  CERTIFICATE_EXISTS: 409,
  PASSWORD_POLICY: 400,
  COURSE_NOT_FOUND: 404,
  LESSON_NOT_FOUND: 404,
  CERTIFICATE_NOT_FOUND: 404,
};

const later = 'This cannot be done just now. Please try again in a moment.';
const codes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** Translates an error that a handler let out. */
export function errorAnswer(error: unknown): ErrorAnswer {
  if (error instanceof GroupUnavailableException) return ofException(error, error.retryAfterSeconds);
  if (error instanceof RedisUnavailableError)
    return ofException(new GroupUnavailableException(error.group, error), 2);
  if (error instanceof DatabaseUnavailableError) {
    return { status: 503, code: 'DATABASE_UNAVAILABLE', message: later, retryAfterSeconds: 5 };
  }
  // A slug or an id with U+0000, which no text in PostgreSQL holds.
  if (error instanceof DatabaseQueryError && error.sqlState === '22021') {
    return ofException(new NotFoundException());
  }
  if (error instanceof AcademyError) {
    const retry = error instanceof TooManySignInsError ? { retryAfterSeconds: error.retryAfterSeconds } : {};
    return { status: academyStatus[error.code] ?? 500, code: error.code, message: error.message, ...retry };
  }
  // Nest wraps it, with its message, which may quote the body.
  const status = statusOfParser(error instanceof HttpException ? error.cause : error);
  if (status)
    return {
      status,
      code: codes[status] ?? 'BAD_REQUEST',
      message: parserMessages[status] ?? 'Bad request.',
    };
  if (error instanceof HttpException) return ofException(error);
  return { status: 500, code: 'INTERNAL_ERROR', message: 'Something went wrong on our side.' };
}

function ofException(exception: HttpException, retryAfterSeconds?: number): ErrorAnswer {
  const status = exception.getStatus();
  const body = exception.getResponse();
  const { code, fields } = typeof body === 'object' ? (body as Partial<ErrorAnswer>) : {};
  return {
    status,
    code: code ?? codes[status] ?? 'ERROR',
    message: status === 404 ? 'There is nothing at this address.' : exception.message,
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
    ...(fields ? { fields } : {}),
  };
}

const parserMessages: Readonly<Record<number, string>> = {
  400: 'The body cannot be read: it is not what its Content-Type says.',
  413: 'The body is larger than 100 kB.',
  415: 'The body’s encoding is not supported.',
};

/** Express's body parsers throw errors with a status and a type. */
function statusOfParser(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('type' in error) || !('status' in error)) return undefined;
  return typeof error.status === 'number' && error.status < 500 ? error.status : undefined;
}

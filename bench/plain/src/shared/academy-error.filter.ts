import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { AcademyError } from '@trivet/academy';
import type { Response } from 'express';

const statuses: Readonly<Record<string, number>> = {
  INVALID_CREDENTIALS: 401,
  TOO_MANY_SIGN_INS: 429,
  PASSWORD_POLICY: 400,
  COURSE_NOT_FOUND: 404,
  LESSON_NOT_FOUND: 404,
  CERTIFICATE_NOT_FOUND: 404,
  CERTIFICATE_EXISTS: 409,
};

/** Statuses for the academy's errors; all others are left to Nest. */
@Catch(AcademyError)
export class AcademyErrorFilter implements ExceptionFilter<AcademyError> {
  catch({ code, message }: AcademyError, host: ArgumentsHost): void {
    const status = statuses[code] ?? 500;
    host.switchToHttp().getResponse<Response>().status(status).json({ statusCode: status, code, message });
  }
}

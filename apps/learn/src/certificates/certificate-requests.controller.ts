import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { CurrentVisitor, SignedIn, text, type Visitor } from '@trivet/web';
import { z } from 'zod';
import { CertificateRequests } from './certificate-requests.js';

const request = z.strictObject({ course: text().min(1).max(100) });

/** Certificates are asked for here, by programs. */
@SignedIn()
@Controller('api/certificates')
export class CertificateRequestsController {
  constructor(private readonly requests: CertificateRequests) {}

  @Post()
  @HttpCode(202)
  request(
    @CurrentVisitor() { account }: Visitor,
    @Body({ schema: request }) { course }: z.output<typeof request>,
  ) {
    return this.requests.request(account.id, course);
  }
}

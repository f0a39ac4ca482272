import { Controller, Get, Param, Res } from '@nestjs/common';
import { Certificates } from '@trivet/academy';
import type { Response } from 'express';
import { SignedIn } from './sign-in.guard.js';
import { CurrentVisitor, type Visitor } from './visitor.js';

/** A person's own certificates; another person's do not exist. */
@SignedIn()
@Controller('api/certificates')
export class CertificatesController {
  constructor(private readonly certificates: Certificates) {}

  @Get(':id')
  find(@Param('id') id: string, @CurrentVisitor() { account }: Visitor) {
    return this.certificates.find(id, account.id);
  }

  @Get(':id/file')
  async file(@Param('id') id: string, @CurrentVisitor() { account }: Visitor, @Res() response: Response) {
    const pdf = await this.certificates.file(id, account.id);
    response.type('application/pdf');
    response.setHeader('Content-Disposition', `attachment; filename="certificate-${id}.pdf"`);
    response.send(pdf);
  }
}

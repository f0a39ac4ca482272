import { Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import { CertificateExistsError, Certificates } from '@trivet/academy';
import { CertificatePage } from '@trivet/ui';
import { CurrentVisitor, Pages, SignedIn, text, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CertificateRequests } from './certificate-requests.js';

const requestForm = z.strictObject({ course: text().min(1).max(100), _csrf: z.string().optional() });

/** Certificates are asked for and looked at here, by people. */
@SignedIn()
@Controller('certificates')
export class CertificatesPages {
  constructor(
    private readonly certificates: Certificates,
    private readonly requests: CertificateRequests,
    private readonly pages: Pages,
  ) {}

  @Post()
  async request(
    @Res() response: Response,
    @CurrentVisitor() { account }: Visitor,
    @Body({ schema: requestForm }) { course }: z.output<typeof requestForm>,
  ) {
    const id = await this.requests.request(account.id, course).then(
      (placed) => placed.id,
      (error: unknown) => {
        // Asked for twice: the page of the first one is the answer.
        if (error instanceof CertificateExistsError) return error.certificateId;
        throw error;
      },
    );
    response.redirect(303, `/certificates/${id}`);
  }

  @Get(':id')
  async page(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Param('id') id: string,
  ) {
    const certificate = await this.certificates.find(id, visitor.account.id);
    const context = this.pages.signedInContext(request, visitor);
    this.pages.send(response, <CertificatePage context={context} certificate={certificate} />);
  }
}

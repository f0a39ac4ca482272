import { Body, Controller, ForbiddenException, Get, NotFoundException, Post, Req, Res } from '@nestjs/common';
import { RequiresLiveSession, SessionService } from '@trivet/session';
import { CurrentVisitor, OperatorOnly, Pages, text, withNotice, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { everybodyPhrase, SessionsPage, type SessionsErrors } from '../pages/sessions-page.js';
import { EmergencySignOut, type OperatorProof } from './emergency-sign-out.js';

const proof = { password: z.string().max(1024), _csrf: z.string().optional() };
const personForm = z.strictObject({ ...proof, email: text().max(254) });
const everybodyForm = z.strictObject({ ...proof, confirmation: z.string().max(100) });

/** Where operators end one person's sessions, or everybody's. */
@OperatorOnly()
@Controller('operations/sessions')
export class SessionsController {
  constructor(
    private readonly emergency: EmergencySignOut,
    private readonly sessions: SessionService,
    private readonly pages: Pages,
  ) {}

  @Get()
  page(@Req() request: Request, @Res() response: Response, @CurrentVisitor() visitor: Visitor): void {
    this.#send(request, response, { visitor });
  }

  @RequiresLiveSession()
  @Post('person')
  async endPerson(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Body({ schema: personForm }) { email, password }: z.output<typeof personForm>,
  ): Promise<void> {
    try {
      const { id } = await this.emergency.person(proofOf(request, visitor, password), email);
      if (id === visitor.account.id) return await this.#leave(request, response);
      response.redirect(303, withNotice('/operations/sessions', 'person-signed-out'));
    } catch (error) {
      const errors = errorsOf(error, 'person');
      if (!errors) throw error;
      this.#send(request, response, { visitor, errors, email });
    }
  }

  @RequiresLiveSession()
  @Post('everybody')
  async endEverybody(
    @Req() request: Request,
    @Res() response: Response,
    @CurrentVisitor() visitor: Visitor,
    @Body({ schema: everybodyForm }) { confirmation, password }: z.output<typeof everybodyForm>,
  ): Promise<void> {
    if (confirmation.trim().toLowerCase() !== everybodyPhrase) {
      const errors = { confirmation: `Type “${everybodyPhrase}” to confirm.` };
      return this.#send(request, response, { visitor, errors });
    }
    try {
      await this.emergency.everybody(proofOf(request, visitor, password));
      await this.#leave(request, response);
    } catch (error) {
      const errors = errorsOf(error, 'everybody');
      if (!errors) throw error;
      this.#send(request, response, { visitor, errors });
    }
  }

  /** The operator's own session is among those that ended. */
  async #leave(request: Request, response: Response): Promise<void> {
    await this.sessions.signOut(request, response);
    response.redirect(303, withNotice('/login', 'sessions-ended'));
  }

  #send(request: Request, response: Response, shown: Shown): void {
    const { visitor, errors = {}, email } = shown;
    const context = this.pages.signedInContext(request, visitor);
    const page = (
      <SessionsPage context={context} errors={errors} {...(email === undefined ? {} : { email })} />
    );
    this.pages.send(response, page, shown.errors ? 400 : 200);
  }
}

interface Shown {
  readonly visitor: Visitor;
  readonly errors?: SessionsErrors;
  readonly email?: string;
}

function proofOf(request: Request, { account }: Visitor, password: string): OperatorProof {
  return { operator: account, password, address: request.ip ?? '' };
}

function errorsOf(error: unknown, form: 'person' | 'everybody'): SessionsErrors | undefined {
  if (error instanceof ForbiddenException) return { [`${form}Password`]: error.message };
  if (error instanceof NotFoundException) return { email: 'Nobody has this address.' };
  return undefined;
}

import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { AcademyError, Credentials, type Account } from '@trivet/academy';
import { SessionEnds, SessionService } from '@trivet/session';
import { Pages, safeReturnTo, text, Visitors, WEB_OPTIONS, type WebOptions } from '@trivet/web';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { LoginPage } from '../pages/login-page.js';
import { whySignIn } from './why-sign-in.js';

const credentials = z.strictObject({
  email: text().min(1).max(254),
  password: z.string().min(1).max(1024),
});
const loginForm = credentials.extend({ return_to: z.string().optional(), _csrf: z.string().optional() });
type LoginForm = z.output<typeof loginForm>;

/** Sign-in for both apps. */
@Controller()
export class SignInController {
  constructor(
    private readonly credentials: Credentials,
    private readonly sessions: SessionService,
    private readonly ends: SessionEnds,
    private readonly visitors: Visitors,
    private readonly pages: Pages,
    @Inject(WEB_OPTIONS) private readonly options: WebOptions,
  ) {}

  @Post('api/login')
  @HttpCode(200)
  async login(@Req() request: Request, @Body({ schema: credentials }) body: z.output<typeof credentials>) {
    return { user: await this.#signIn(request, body) };
  }

  @Get('login')
  async page(@Req() request: Request, @Res() response: Response, @Query('return_to') returnTo?: string) {
    const target = safeReturnTo(returnTo, this.options.links);
    if (await this.visitors.of(request)) return response.redirect(303, target);
    const end = this.ends.of(request);
    const context = await this.pages.context(request);
    this.pages.send(
      response,
      <LoginPage context={context} returnTo={target} {...(end ? { notice: whySignIn[end] } : {})} />,
    );
  }

  @Post('login')
  async submit(
    @Req() request: Request,
    @Res() response: Response,
    @Body({ schema: loginForm }) body: LoginForm,
  ) {
    const target = safeReturnTo(body.return_to, this.options.links);
    try {
      await this.#signIn(request, body);
      response.redirect(303, target);
    } catch (error) {
      if (!(error instanceof AcademyError)) throw error;
      const context = await this.pages.context(request);
      const page = <LoginPage context={context} returnTo={target} email={body.email} error={error.message} />;
      this.pages.send(response, page, error.code === 'TOO_MANY_SIGN_INS' ? 429 : 401);
    }
  }

  async #signIn(request: Request, { email, password }: z.output<typeof credentials>): Promise<Account> {
    const account = await this.credentials.verify({ email, password, address: request.ip ?? '' });
    await this.sessions.signIn(request, account.id);
    this.visitors.forget(request);
    return account;
  }
}

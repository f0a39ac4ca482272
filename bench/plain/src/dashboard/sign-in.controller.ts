import { Body, Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { Accounts, Credentials, Progress, type Account } from '@trivet/academy';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Sessions } from '../session/sessions.js';
import { escapeHtml, list, page } from '../shared/page.js';

const credentials = z.strictObject({ email: z.string().min(1), password: z.string().min(1) });

const loginForm =
  '<form method="post" action="/login"><input name="email" type="email"><input name="password" type="password"><button>Sign in</button></form>';

/** Sign-in for both apps, and the dashboard's pages. */
@Controller()
export class SignInController {
  constructor(
    private readonly accounts: Accounts,
    private readonly credentials: Credentials,
    private readonly progress: Progress,
    private readonly sessions: Sessions,
  ) {}

  @Post('api/login')
  @HttpCode(200)
  async login(@Req() request: Request, @Body({ schema: credentials }) proof: z.output<typeof credentials>) {
    const user = await this.credentials.verify({ ...proof, address: request.ip ?? '' });
    await this.sessions.signIn(request, user.id);
    return { user };
  }

  @Post('login')
  async submit(
    @Req() request: Request,
    @Res() response: Response,
    @Body({ schema: credentials }) proof: z.output<typeof credentials>,
  ) {
    await this.login(request, proof);
    response.redirect(303, '/');
  }

  @Get('login')
  async loginPage(@Req() request: Request, @Res() response: Response) {
    if (await this.#visitor(request)) response.redirect(303, '/');
    else response.send(page('Sign in', loginForm));
  }

  @Get()
  async overview(@Req() request: Request, @Res() response: Response) {
    const account = await this.#visitor(request);
    if (!account) return response.redirect(303, '/login');
    const courses = await this.progress.summary(account.id);
    const lines = courses.map(({ title, percent }) => `${escapeHtml(title)}: ${percent} %`);
    response.send(page(`Welcome, ${account.name}`, list(lines)));
  }

  @Get('account')
  async account(@Req() request: Request, @Res() response: Response) {
    const account = await this.#visitor(request);
    if (!account) return response.redirect(303, '/login');
    const devices = await this.sessions.devices(request);
    const lines = devices.map(({ label, firstSeenAt }) => `${label}, since ${firstSeenAt}`);
    response.send(page(account.email, list(lines)));
  }

  async #visitor({ session }: Request): Promise<Account | undefined> {
    return session.userId === undefined ? undefined : this.accounts.findById(session.userId);
  }
}

import { Controller, Get, Req } from '@nestjs/common';
import { SessionService } from '@trivet/session';
import type { Request } from 'express';
import { SignedIn } from './sign-in.guard.js';
import { CurrentVisitor, type Visitor } from './visitor.js';

/** Who am I? */
@Controller('api/me')
export class MeController {
  constructor(private readonly sessions: SessionService) {}

  @SignedIn()
  @Get()
  me(@Req() request: Request, @CurrentVisitor() visitor: Visitor) {
    const { id, email, name, roles } = visitor.account;
    return {
      user: { id, email, name, roles },
      session: this.sessions.infoOf(request),
      csrfToken: visitor.session.csrfToken,
    };
  }
}

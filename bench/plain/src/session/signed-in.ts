import {
  applyDecorators,
  createParamDecorator,
  ForbiddenException,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Accounts, type Account } from '@trivet/academy';
import type { Request } from 'express';

type VisitorRequest = Request & { account?: Account };
const OPERATOR_ONLY = Symbol('OPERATOR_ONLY');

@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(
    private readonly accounts: Accounts,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<VisitorRequest>();
    const { userId } = request.session;
    const account = userId === undefined ? undefined : await this.accounts.findById(userId);
    if (!account) throw new UnauthorizedException('Sign in first.');
    if (
      this.reflector.get<boolean>(OPERATOR_ONLY, context.getHandler()) &&
      !account.roles.includes('operator')
    )
      throw new ForbiddenException('This is for operators.');
    request.account = account;
    return true;
  }
}

/** For routes of signed-in people. */
export const SignedIn = (): MethodDecorator & ClassDecorator => applyDecorators(UseGuards(SignedInGuard));

/** For routes of operators. */
export const OperatorOnly = (): MethodDecorator =>
  applyDecorators(SetMetadata(OPERATOR_ONLY, true), UseGuards(SignedInGuard));

/** Who asks, on a route that is for signed-in people. */
export const CurrentAccount = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<VisitorRequest>().account,
);

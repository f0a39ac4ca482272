import {
  applyDecorators,
  ForbiddenException,
  Injectable,
  SetMetadata,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from '@trivet/academy';
import type { Request } from 'express';
import { Visitors } from './visitor.js';

const REQUIRED_ROLE = Symbol('REQUIRED_ROLE');

/** Lets nobody through who is not signed in, or has not the role that the route asks for. */
@Injectable()
export class SignInGuard implements CanActivate {
  constructor(
    private readonly visitors: Visitors,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const visitor = await this.visitors.of(context.switchToHttp().getRequest<Request>());
    if (!visitor) throw new UnauthorizedException('Sign in first.');
    const role = this.reflector.getAllAndOverride<Role | undefined>(REQUIRED_ROLE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (role && !visitor.account.roles.includes(role)) throw new ForbiddenException('This is for operators.');
    return true;
  }
}

/** Routes for signed-in people; a guest gets 401, or the sign-in page where a page was asked for. */
export const SignedIn = (): MethodDecorator & ClassDecorator => applyDecorators(UseGuards(SignInGuard));

/** Routes for operators; other people get 403. */
export const OperatorOnly = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(REQUIRED_ROLE, 'operator' satisfies Role), UseGuards(SignInGuard));

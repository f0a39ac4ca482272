import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { REDIS_GROUPS } from '@trivet/observability';
import type { GuardedRedis } from '@trivet/redis';
import type { GroupName } from '@trivet/ui';
import { CurrentVisitor, OperatorOnly, Pages, type Visitor } from '@trivet/web';
import type { Request, Response } from 'express';
import type { GroupState } from '../pages/group-state.js';
import { OperationsPage } from '../pages/operations-page.js';

const words: Readonly<Record<GroupName, Pick<GroupState, 'lossMeans' | 'meanwhile'>>> = {
  session: {
    lossMeans: 'No sign-in can be confirmed.',
    meanwhile: 'People stay signed in by what their browser holds, sealed; step-ups wait.',
  },
  cache: { lossMeans: 'Pages are made anew each time.', meanwhile: 'Every read goes to the database.' },
  queue: {
    lossMeans: 'Jobs cannot be handed to the worker.',
    meanwhile: 'Short jobs run in the web app at once.',
  },
};

/** How the three groups are, as this process sees them. */
@OperatorOnly()
@Controller('operations')
export class OperationsController {
  constructor(
    @Inject(REDIS_GROUPS) private readonly groups: readonly GuardedRedis[],
    private readonly pages: Pages,
  ) {}

  @Get()
  page(@Req() request: Request, @Res() response: Response, @CurrentVisitor() visitor: Visitor): void {
    const context = this.pages.signedInContext(request, visitor);
    this.pages.send(response, <OperationsPage context={context} groups={this.groups.map(describe)} />);
  }
}

function describe({ group, state, stateSince: since }: GuardedRedis): GroupState {
  const name = group as GroupName;
  const reason = state.reason ? { reason: state.reason } : {};
  const condition = state.reads === 'down' ? 'down' : state.writes === 'down' ? 'degraded' : 'up';
  return { group: name, state: condition, since, ...reason, ...words[name] };
}

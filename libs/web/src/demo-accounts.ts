import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { hasDemoAccounts } from '@trivet/academy';
import { type Database, DatabaseUnavailableError } from '@trivet/database';

/** Accounts whose password everybody knows must not exist in production. */
export class DemoAccountsRefusal implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly production: boolean,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.production) return;
    try {
      if (await hasDemoAccounts(this.database)) {
        throw new Error(
          'The database holds the demo accounts. Production does not start with them: delete them first.',
        );
      }
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      new Logger(DemoAccountsRefusal.name).warn('No database to look for demo accounts in', {
        event: 'demo_accounts_not_checked',
      });
    }
  }
}

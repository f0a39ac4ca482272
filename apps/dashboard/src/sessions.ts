import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AcademyModule, Accounts } from '@trivet/academy';
import { DatabaseModule, DatabaseUnavailableError } from '@trivet/database';
import { RedisUnavailableError } from '@trivet/redis';
import { SessionModule, SessionService } from '@trivet/session';
import { sharedSession } from '@trivet/web';
import { parseArgs } from 'node:util';
import { readEnv } from './env.js';

const usage = `Usage: sessions revoke EMAIL   signs one person out on every device
       sessions revoke-all     signs everybody out
`;
const { positionals } = parseArgs({ allowPositionals: true, strict: false });
const [verb, email, ...rest] = positionals;
const isRight = verb === 'revoke-all' ? email === undefined : verb === 'revoke' && email !== undefined;

if (!isRight || rest.length > 0) {
  process.stderr.write(usage);
  process.exit(2);
}

const env = readEnv();

@Module({
  imports: [
    DatabaseModule.forRoot({ url: env.DATABASE_URL, applicationName: 'sessions' }),
    SessionModule.forRoot(sharedSession('dashboard', env)),
    AcademyModule.forRoot({}),
  ],
})
class SessionsModule {}

const app = await NestFactory.createApplicationContext(SessionsModule, { logger: false });
try {
  const sessions = app.get(SessionService);
  if (email === undefined) {
    await sessions.revokeAll();
    process.stdout.write('Everybody is signed out.\n');
  } else {
    const account = await app.get(Accounts).findByEmail(email);
    if (account) await sessions.revokeUser(account.id);
    const said = account ? `${account.id} is signed out on every device.` : 'Nobody has this address.';
    (account ? process.stdout : process.stderr).write(`${said}\n`);
    if (!account) process.exitCode = 1;
  }
} catch (error) {
  const isOutage = error instanceof RedisUnavailableError || error instanceof DatabaseUnavailableError;
  if (!isOutage) throw error;
  process.stderr.write(
    `${error.message}\nNothing is certain: run it again when Redis or PostgreSQL is back.\n`,
  );
  process.exitCode = 1;
} finally {
  await app.close();
}

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DatabaseModule, DatabaseUnavailableError } from '@trivet/database';
import { DeadLetters } from '@trivet/queue';
import { readDatabaseEnv } from './env.js';
import { readQueueCommand } from './queue-command.js';

const command = readQueueCommand(process.argv.slice(2));
if ('usage' in command) {
  process.stderr.write(`${command.usage}\n`);
  process.exit(2);
}

const env = readDatabaseEnv();

@Module({
  imports: [DatabaseModule.forRoot({ url: env.DATABASE_URL, applicationName: 'queue' })],
  providers: [DeadLetters],
})
class QueueCommandModule {}

const app = await NestFactory.createApplicationContext(QueueCommandModule, { logger: false });
try {
  process.stdout.write(await command.run(app.get(DeadLetters)));
} catch (error) {
  if (!(error instanceof DatabaseUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await app.close();
}

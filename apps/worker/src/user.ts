import { NestFactory } from '@nestjs/core';
import { AcademyError, AcademyModule, Accounts, type Role } from '@trivet/academy';
import { DatabaseModule, DatabaseUnavailableError } from '@trivet/database';
import { Module } from '@nestjs/common';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readDatabaseEnv } from './env.js';

const usage =
  'Usage: user add EMAIL --name NAME --role learner|operator   (the password is read from standard input)\n';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { name: { type: 'string' }, role: { type: 'string', default: 'learner' } },
});
const input = z.tuple([z.literal('add'), z.email()]).safeParse(positionals);
const role = z.enum(['learner', 'operator']).safeParse(values.role);

if (!input.success || !role.success) {
  process.stderr.write(usage);
  process.exit(2);
}

const env = readDatabaseEnv();
const [, email] = input.data;
const roles: Role[] = role.data === 'operator' ? ['learner', 'operator'] : ['learner'];

@Module({
  imports: [
    DatabaseModule.forRoot({ url: env.DATABASE_URL, applicationName: 'user' }),
    AcademyModule.forRoot({}),
  ],
})
class UserModule {}

const app = await NestFactory.createApplicationContext(UserModule, { logger: false });
try {
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  const { id } = await app.get(Accounts).create({ email, name: values.name ?? email, password, roles });
  process.stdout.write(`Added ${id} as ${roles.join(' and ')}.\n`);
} catch (error) {
  if (!(error instanceof AcademyError) && !(error instanceof DatabaseUnavailableError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await app.close();
}

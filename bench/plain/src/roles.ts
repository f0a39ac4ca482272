import type { NestExpressApplication } from '@nestjs/platform-express';
import { StandardSchemaValidationPipe, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { dashboardModule, learnModule, workerModule } from './app.modules.js';
import { readEnv, type Env } from './env.js';
import { SessionMiddleware } from './session/session.middleware.js';

export const roles = ['dashboard', 'learn', 'worker'] as const;
export type Role = (typeof roles)[number];

export const isRole = (name: string | undefined): name is Role => roles.some((role) => role === name);

const logger = ['fatal', 'error', 'warn'] as const;

/** Runs one of the three processes until SIGTERM. */
export async function startRole(role: Role): Promise<void> {
  const env = readEnv();
  switch (role) {
    case 'dashboard':
      return startWebApp(dashboardModule(env), env, env.PORT_DASHBOARD);
    case 'learn':
      return startWebApp(learnModule(env), env, env.PORT_LEARN);
    case 'worker': {
      const worker = await NestFactory.createApplicationContext(workerModule(env), { logger: [...logger] });
      worker.enableShutdownHooks();
    }
  }
}

async function startWebApp(module: DynamicModule, { HOST }: Env, port: number): Promise<void> {
  const app = await NestFactory.create<NestExpressApplication>(module, { logger: [...logger] });
  app.use(app.get(SessionMiddleware).handle);
  app.useGlobalPipes(new StandardSchemaValidationPipe());
  app.enableShutdownHooks();
  await app.listen(port, HOST);
}

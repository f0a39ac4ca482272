import { NestFactory } from '@nestjs/core';
import { closeOnSignal, createLogger, exitOnSignal } from '@trivet/observability';
import { appModule } from './app.module.js';
import { readEnv } from './env.js';

exitOnSignal();
const env = readEnv();
const app = await NestFactory.createApplicationContext(appModule(env), {
  logger: createLogger({ level: env.LOG_LEVEL, format: env.LOG_FORMAT }),
});
closeOnSignal(app);

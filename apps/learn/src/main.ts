import { closeOnSignal, createLogger, exitOnSignal } from '@trivet/observability';
import { createWebApp } from '@trivet/web';
import { appModule } from './app.module.js';
import { readEnv } from './env.js';

exitOnSignal();
const env = readEnv();
const app = await createWebApp(appModule(env), {
  logger: createLogger({ level: env.LOG_LEVEL, format: env.LOG_FORMAT }),
  links: { dashboard: env.PUBLIC_URL_DASHBOARD, learn: env.PUBLIC_URL_LEARN },
  trustedProxies: env.TRUSTED_PROXIES,
});
closeOnSignal(app);
await app.listen(env.PORT, env.HOST);

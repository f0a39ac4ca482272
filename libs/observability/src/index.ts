export { processEnvironment } from './process-environment.js';
export { createLogger, type LoggerOptions } from './logger.js';
export { ObservabilityModule, type ObservabilityModuleOptions } from './observability.module.js';
export { REDIS_GROUPS } from './observability.tokens.js';
export { Readiness, type Health } from './readiness.js';
export { closeOnSignal, exitOnSignal } from './shutdown.js';

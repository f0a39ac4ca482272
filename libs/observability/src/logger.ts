import { ConsoleLogger, type LogLevel } from '@nestjs/common';

const levels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/** How a process logs. */
export interface LoggerOptions {
  /** The least severe level that is written. */
  readonly level: LogLevel;
  /** One JSON object per line for machines, or coloured text for people. */
  readonly format: 'json' | 'pretty';
}

/** A logger for `NestFactory.create`: one structured record per line, an object's fields as the record's own. */
export function createLogger({ level, format }: LoggerOptions): ConsoleLogger {
  return new ConsoleLogger({
    json: format === 'json',
    colors: format === 'pretty' && process.stdout.isTTY,
    compact: true,
    logLevels: levels.slice(0, levels.indexOf(level) + 1),
  });
}

import { ConsoleLogger, type LogLevel } from '@nestjs/common';

const levels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'];

/** Nest's own account of its start, a line per module and route: nothing that an operator reads. */
const chatter = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** How a process logs. */
export interface LoggerOptions {
  /** The least severe level that is written. */
  readonly level: LogLevel;
  /** One JSON object per line for machines, or coloured text for people. */
  readonly format: 'json' | 'pretty';
}

class StructuredLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (!chatter.has(String(rest.at(-1)))) super.log(message, ...(rest as [string]));
  }
}

/** A logger for `NestFactory.create`: one record per line; the object after a message becomes the record's fields. */
export function createLogger({ level, format }: LoggerOptions): ConsoleLogger {
  return new StructuredLogger({
    json: format === 'json',
    flattenParams: true,
    colors: format === 'pretty',
    compact: true,
    logLevels: levels.slice(0, levels.indexOf(level) + 1),
  });
}

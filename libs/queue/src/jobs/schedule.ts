import { CronExpressionParser } from 'cron-parser';
import type { JobDefinition } from './job.js';

/** Marks the schedulers in Redis that come from code; others are left alone. */
export const scheduleKeyPrefix = 'code.';

/** A job that comes again and again. Make it with {@link defineSchedule}. */
export interface Schedule<P = unknown> {
  /** Unique in its queue, and stable: it is how a changed schedule replaces the old one. */
  readonly name: string;
  readonly job: JobDefinition<P>;
  readonly payload: P;
  /** A cron pattern of five or six fields; or else `everyMs`. */
  readonly cron?: string;
  /** The time zone of `cron`, such as `Europe/Paris`. @default 'UTC' */
  readonly timeZone?: string;
  /** A fixed interval in milliseconds; or else `cron`. */
  readonly everyMs?: number;
}

/** Checks a schedule at import time. @throws {TypeError} naming the schedule and the field */
export function defineSchedule<P>(schedule: Schedule<P>): Schedule<P> {
  const { name, job, payload, cron, everyMs, timeZone } = schedule;
  const refuse = (why: string) => {
    throw new TypeError(`Schedule ${name}: ${why}`);
  };
  if (!/^[\w.-]+$/.test(name)) refuse('its `name` may hold letters, digits, `.`, `-` and `_`.');
  if ((cron === undefined) === (everyMs === undefined)) refuse('give either `cron` or `everyMs`.');
  if (everyMs !== undefined && (!Number.isInteger(everyMs) || everyMs < 1000)) {
    refuse(`expected \`everyMs\` to be a whole number of at least 1000, got \`${everyMs}\`.`);
  }
  if (cron !== undefined) nextCron(cron, new Date(0), timeZone);
  job.payload.parse(payload);
  return schedule;

  function nextCron(pattern: string, from: Date, tz = 'UTC'): void {
    try {
      CronExpressionParser.parse(pattern, { currentDate: from, tz }).next();
    } catch (error) {
      refuse(`\`cron\` or \`timeZone\`: ${String(error)}`);
    }
  }
}

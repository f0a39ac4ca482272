import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { QuietLog } from './quiet-log.js';

const warn = jest.fn();

beforeEach(() => {
  jest.useFakeTimers();
  Logger.overrideLogger({ log: warn, error: warn, warn });
});

afterEach(() => {
  Logger.overrideLogger(false);
  jest.useRealTimers();
  warn.mockClear();
});

it('writes one record a second for each kind, and says how many more there were', () => {
  const log = new QuietLog();
  for (let i = 0; i < 5; i += 1) log.warn('mail', 'A job failed', { queue: 'mail' });
  log.warn('notes', 'A job failed', { queue: 'notes' });
  expect(warn.mock.calls.map(([, fields]) => fields)).toEqual([{ queue: 'mail' }, { queue: 'notes' }]);
  jest.advanceTimersByTime(1000);
  expect(warn.mock.calls.slice(2).map(([, fields]) => fields)).toEqual([{ queue: 'mail', more: 4 }]);
});

it('writes at once again after a quiet second', () => {
  const log = new QuietLog();
  log.warn('mail', 'A job failed', {});
  jest.advanceTimersByTime(1000);
  log.warn('mail', 'A job failed', {});
  expect(warn).toHaveBeenCalledTimes(2);
});

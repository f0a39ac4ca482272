import { expect, it } from '@jest/globals';
import { parseCommandLine, USAGE } from './command-line.js';
import { UsageError } from './errors.js';

const URL = 'redis://127.0.0.1:6379';

it('has gentle defaults', () => {
  expect(parseCommandLine([URL])).toEqual({
    url: URL,
    top: 20,
    samples: 5,
    json: false,
    pauseMs: 0,
    batch: 200,
    timeoutMs: 5_000,
  });
});

it('takes every option', () => {
  const argv = ['--top=3', '--match', 'sess:*', '--sample=0', '--json', '--max-seconds=9', '--pause-ms=8'];
  expect(parseCommandLine([...argv, '--batch=7', '--timeout-ms=6', '--ca-file=ca.pem', URL])).toEqual({
    url: URL,
    top: 3,
    match: 'sess:*',
    samples: 0,
    json: true,
    maxSeconds: 9,
    pauseMs: 8,
    batch: 7,
    timeoutMs: 6,
    caFile: 'ca.pem',
  });
});

it('is undefined when help is asked for', () => {
  expect(parseCommandLine(['--help'])).toBeUndefined();
});

it.each([
  [[], 'Name the Redis to look at'],
  [[URL, URL], 'Expected one URL, got 2 arguments.'],
  [[URL, '--top', '0'], 'Expected --top to be a whole number from 1 to 1000, got "0".'],
  [[URL, '--max-seconds', '1.5'], 'Expected --max-seconds to be a whole number'],
  [[URL, '--keys'], "Unknown option '--keys'"],
])('refuses %j', (argv, sentence) => {
  const parse = () => parseCommandLine(argv);
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(sentence);
});

it('explains itself within 80 columns', () => {
  expect(USAGE.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

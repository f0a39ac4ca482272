import { parseArgs } from 'node:util';
import { UsageError } from './errors.js';

/** What a person asked for. */
export interface CommandLine {
  readonly url: string;
  readonly top: number;
  readonly match: string | undefined;
  readonly samples: number;
  readonly json: boolean;
  readonly maxSeconds: number | undefined;
  readonly pauseMs: number;
  readonly batch: number;
  readonly timeoutMs: number;
  readonly caFile: string | undefined;
}

export const USAGE = `Usage: trivet-audit URL [options]

Shows where the memory of a Redis goes. It only reads, and never uses KEYS.

  URL  redis://[user:password@]host[:port][/database], rediss:// for TLS, or
       redis-sentinel://host:port,host:port/database#master

  --top N          keys and patterns to list (20)
  --match GLOB     only keys that match, e.g. 'sess:*'
  --sample N       elements MEMORY USAGE looks at per key, 0 = all (5)
  --json           for machines; everything, in bytes and milliseconds
  --max-seconds N  stop after that time and show what was seen
  --pause-ms N     rest between two batches (0)
  --batch N        keys per batch (200)
  --timeout-ms N   give up when Redis does not answer for so long (5000)
  --ca-file PATH   CA certificate for rediss://
  --help           this text

Exit code: 0 done, also when stopped early by --max-seconds or Ctrl-C; 2 not
possible, with one sentence on stderr.
`;

/**
 * @returns `undefined` when help was asked for.
 * @throws UsageError that names the option.
 */
export function parseCommandLine(argv: readonly string[]): CommandLine | undefined {
  const { values, positionals } = parsed(argv);
  if (values.help) return undefined;
  const maxSeconds = values['max-seconds'];
  const [url, ...more] = positionals;
  if (url === undefined) throw new UsageError('Name the Redis to look at, e.g. redis://127.0.0.1:6379/0.');
  if (more.length > 0) throw new UsageError(`Expected one URL, got ${positionals.length} arguments.`);
  return {
    url,
    top: whole('top', values.top, [1, 1_000]),
    match: values.match,
    samples: whole('sample', values.sample, [0, 1_000_000]),
    json: values.json,
    maxSeconds: maxSeconds === undefined ? undefined : whole('max-seconds', maxSeconds, [1, 86_400]),
    pauseMs: whole('pause-ms', values['pause-ms'], [0, 60_000]),
    batch: whole('batch', values.batch, [1, 10_000]),
    timeoutMs: whole('timeout-ms', values['timeout-ms'], [1, 600_000]),
    caFile: values['ca-file'],
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        top: { type: 'string', default: '20' },
        match: { type: 'string' },
        sample: { type: 'string', default: '5' },
        json: { type: 'boolean', default: false },
        'max-seconds': { type: 'string' },
        'pause-ms': { type: 'string', default: '0' },
        batch: { type: 'string', default: '200' },
        'timeout-ms': { type: 'string', default: '5000' },
        'ca-file': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function whole(option: string, text: string, [least, most]: readonly [number, number]): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new UsageError(`Expected --${option} to be a whole number from ${least} to ${most}, got "${text}".`);
}

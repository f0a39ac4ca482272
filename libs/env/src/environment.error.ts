/** One variable that cannot be used. Holds no value: it may be a secret. */
export interface EnvironmentProblem {
  readonly name: string;
  readonly expected: string;
  /** What is wrong, e.g. `is missing`. */
  readonly reason: string;
  readonly example?: string;
}

/** The environment cannot be used; the message has one line per wrong variable and never a value. */
export class EnvironmentError extends Error {
  readonly code = 'ENVIRONMENT_INVALID';
  override readonly name = 'EnvironmentError';

  constructor(readonly problems: readonly EnvironmentProblem[]) {
    super(problems.map(describe).join('\n'));
  }
}

function describe({ name, expected, reason, example }: EnvironmentProblem): string {
  const hint = example === undefined ? '' : ` (example: ${example})`;
  return `${name}: expected ${expected}, ${reason}${hint}`;
}

/** The lines for a person, each ended; `undefined` for any other error. */
export function formatEnvironmentError(error: unknown): string | undefined {
  return error instanceof EnvironmentError ? `${error.message}\n` : undefined;
}

/** `EX_CONFIG` of sysexits.h: a restart without a change will not help. */
const EX_CONFIG = 78;

/**
 * Runs `read`; an {@link EnvironmentError} is printed to stderr without a stack and ends the process with 78.
 * Any other error is thrown on.
 *
 * @example const env = exitOnEnvironmentError(() => readEnvironment(schema, process.env));
 */
export function exitOnEnvironmentError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const lines = formatEnvironmentError(error);
    if (lines === undefined) throw error;
    process.stderr.write(lines);
    return process.exit(EX_CONFIG);
  }
}

/** A process of the platform ended, or stayed silent, before it was of use. The message ends with its last lines. */
export class AppStartError extends Error {
  readonly code = 'APP_START_FAILED';
  override readonly name = 'AppStartError';

  constructor(
    /** What happened, in one sentence. */
    readonly what: string,
    lines: readonly string[],
  ) {
    super([`${what}. It said:`, ...(lines.length > 0 ? lines : ['(nothing)'])].join('\n'));
  }
}

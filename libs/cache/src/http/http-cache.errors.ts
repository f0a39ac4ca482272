/** An answer that must not be given to anybody else. Ends the wait of those who hoped for it, and never gets out. */
export class NotStorableError extends Error {
  readonly code = 'ANSWER_NOT_STORABLE';
  override readonly name = 'NotStorableError';

  /** @param isForGood whether the next answer will most likely be of the same kind */
  constructor(readonly isForGood: boolean) {
    super('This answer is for its own request only.');
  }
}

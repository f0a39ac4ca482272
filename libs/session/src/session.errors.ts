/** A method of express-session's store that would have to walk through every key of the session Redis. */
export class StoreOperationRefusedError extends Error {
  readonly code = 'SESSION_STORE_OPERATION_REFUSED';
  override readonly name = 'StoreOperationRefusedError';

  constructor(operation: string) {
    super(
      `The session store does not do \`${operation}\`, which would scan the whole Redis. ` +
        'List one user’s sessions with `SessionService.devices`; end everybody’s with `SessionService.revokeAll`.',
    );
  }
}

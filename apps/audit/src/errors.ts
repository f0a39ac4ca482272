/** Ends the audit with one sentence for a person; no stack is shown. */
export class AuditError extends Error {
  readonly code: string = 'AUDIT_FAILED';
}

/** The command line is wrong. */
export class UsageError extends AuditError {
  override readonly code = 'AUDIT_USAGE';
}

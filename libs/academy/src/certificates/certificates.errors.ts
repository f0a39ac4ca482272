import { AcademyError } from '../academy.errors.js';

/** There is no such certificate, or it belongs to somebody else. */
export class CertificateNotFoundError extends AcademyError {
  readonly code = 'CERTIFICATE_NOT_FOUND';

  constructor() {
    super('There is no such certificate.');
  }
}

/** The person has a certificate of this course already, or one is on its way. */
export class CertificateExistsError extends AcademyError {
  readonly code = 'CERTIFICATE_EXISTS';

  constructor(
    /** The existing one. */
    readonly certificateId: string,
  ) {
    super('This certificate has been requested already.');
  }
}

import { AcademyError } from '../academy.errors.js';

/** There is an account with this address already. */
export class EmailTakenError extends AcademyError {
  readonly code = 'EMAIL_TAKEN';

  constructor() {
    super('An account with this e-mail address exists already.');
  }
}

/** Wrong password, or no such account: which of the two is not told. */
export class InvalidCredentialsError extends AcademyError {
  readonly code = 'INVALID_CREDENTIALS';

  constructor() {
    super('The e-mail address or the password is wrong.');
  }
}

/** A new password is too short or too long. */
export class PasswordPolicyError extends AcademyError {
  readonly code = 'PASSWORD_POLICY';

  constructor(minLength: number, maxLength: number) {
    super(`A password has ${minLength} to ${maxLength} characters.`);
  }
}

/** Sign-in is refused for a while: too many failures, or too many sign-ins at once. */
export class TooManySignInsError extends AcademyError {
  readonly code = 'TOO_MANY_SIGN_INS';

  constructor(
    /** When to try again, seconds from now. */
    readonly retryAfterSeconds: number,
  ) {
    super(`Too many sign-ins. Try again in ${retryAfterSeconds} s.`);
  }
}

/** A rule of the academy was not met. The `code` is stable; what it means to a client is the app's business. */
export abstract class AcademyError extends Error {
  abstract readonly code: string;

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

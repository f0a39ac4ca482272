import { escapeLiteral as quote } from 'pg';

/**
 * A text as an SQL literal, for statements that take no parameters.
 *
 * @throws {RangeError} when it holds a NUL character, which PostgreSQL stores in no text and takes for the message's end
 */
export function escapeLiteral(text: string): string {
  if (text.includes('\0'))
    throw new RangeError('PostgreSQL stores no text that holds a NUL character: leave it out.');
  return quote(text);
}

import { BadRequestException } from '@nestjs/common';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  /** Zod's, for unknown fields. */
  readonly keys?: readonly string[];
}

/** A field of a body that is not as it should be. */
export interface InvalidField {
  readonly field: string;
  readonly message: string;
}

/** 400 with each wrong field named. */
export class InvalidBodyException extends BadRequestException {
  constructor(readonly fields: readonly InvalidField[]) {
    const message = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
    super({ statusCode: 400, code: 'INVALID_BODY', message, fields });
  }
}

/** Turns a schema's issues into {@link InvalidBodyException}. */
export function invalidBody(issues: readonly Issue[]): InvalidBodyException {
  return new InvalidBodyException(issues.flatMap(fieldsOf));
}

function fieldsOf({ message, path = [], keys }: Issue): InvalidField[] {
  if (keys) return keys.map((field) => ({ field, message: 'is not a field of this request' }));
  const names = path.map((part) => String(typeof part === 'object' ? part.key : part));
  return [{ field: names.join('.') || 'body', message }];
}

import { z } from 'zod';

/** What a person reads when the variable is wrong; travels in the schema's zod metadata. */
export interface FieldHint {
  readonly expected: string;
  readonly example?: string;
}

/** Thrown by a field's `parse`; the reason must not contain the value. */
export class Refusal extends Error {}

/** A field from a function that returns the parsed value or throws a {@link Refusal}. */
export function field<T>(hint: FieldHint, parse: (text: string) => T) {
  return z
    .string()
    .transform((text, context): T => {
      try {
        return parse(text);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        context.addIssue(error.message || 'got something else');
        return z.NEVER;
      }
    })
    .meta({ ...hint });
}

/** The hint of a field, also below `.optional()` and `.default()`, which do not inherit metadata. */
export function hintOf(schema: z.core.$ZodType | undefined): FieldHint {
  const { expected, example } = schema === undefined ? {} : (z.globalRegistry.get(schema) ?? {});
  if (typeof expected === 'string') {
    return { expected, ...(typeof example === 'string' && { example }) };
  }
  const { innerType } = (schema?._zod.def ?? {}) as { innerType?: z.core.$ZodType };
  return innerType === undefined ? { expected: 'a valid value' } : hintOf(innerType);
}

/** The trimmed items of a comma list. */
export function listItems(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

import { z } from 'zod';
import { field, listItems, Refusal } from './field.js';

const SECRET_LENGTH = 32;
const SECRET_EXAMPLE = 'the output of: openssl rand -hex 32';

/** Any text; say what it stands for. */
export function text(expected = 'a text', example = 'some-text') {
  return z.string().meta({ expected, example });
}

/** A secret of at least 32 characters. */
export function secret() {
  return field(
    { expected: `a secret of at least ${SECRET_LENGTH} characters`, example: SECRET_EXAMPLE },
    (value) => longEnough(value),
  );
}

/** Secrets of at least 32 characters, newest first. */
export function secretList() {
  return field(
    {
      expected: `a comma list of secrets, newest first, of at least ${SECRET_LENGTH} characters each`,
      example: SECRET_EXAMPLE,
    },
    (value) => listItems(value).map((item, index) => longEnough(item, `item ${index + 1} `)),
  );
}

function longEnough(value: string, subject = ''): string {
  if (value.length >= SECRET_LENGTH) return value;
  throw new Refusal(`${subject}has ${value.length} characters`);
}

/** One of `values`. */
export function choice<const Value extends string>(values: readonly Value[], byDefault: NoInfer<Value>) {
  return z
    .enum(values)
    .meta({ expected: `one of ${values.join(', ')}`, example: byDefault })
    .default(byDefault);
}

/** `true` or `false` (also `1` or `0`). */
export function flag(byDefault: boolean) {
  return z
    .stringbool({ truthy: ['true', '1'], falsy: ['false', '0'] })
    .meta({ expected: 'true or false', example: String(byDefault) })
    .default(byDefault);
}

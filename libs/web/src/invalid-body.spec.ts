import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { invalidBody, type InvalidField } from './invalid-body.js';

const body = z.strictObject({
  email: z.email('is no e-mail address'),
  address: z.object({ lines: z.array(z.string('is no text')) }),
});

function fieldsOf(given: unknown): readonly InvalidField[] {
  return invalidBody(body.safeParse(given).error?.issues ?? []).fields;
}

it('names every wrong field, also one inside another', () => {
  expect(fieldsOf({ email: 'ada', address: { lines: ['a', 7] } })).toEqual([
    { field: 'email', message: 'is no e-mail address' },
    { field: 'address.lines.1', message: 'is no text' },
  ]);
});

it('names each field that the request does not have', () => {
  const given = { email: 'ada@academy.test', address: { lines: [] }, role: 'operator', admin: true };
  expect(fieldsOf(given)).toEqual([
    { field: 'role', message: 'is not a field of this request' },
    { field: 'admin', message: 'is not a field of this request' },
  ]);
});

it.each([[undefined], [null], ['text'], [[]]])('says “body” when the body is %j', (given) => {
  expect(fieldsOf(given).map(({ field }) => field)).toEqual(['body']);
});

it('reads the paths of other standard schemas', () => {
  const issues = [{ message: 'is too short', path: [{ key: 'user' }, 'name'] }];
  expect(invalidBody(issues).fields).toEqual([{ field: 'user.name', message: 'is too short' }]);
});

it('is a 400 with a code, the fields, and a message that names them', () => {
  const exception = invalidBody([{ message: 'is missing', path: ['email'] }]);
  expect(exception.getStatus()).toBe(400);
  expect(exception.getResponse()).toEqual({
    statusCode: 400,
    code: 'INVALID_BODY',
    message: 'email: is missing',
    fields: [{ field: 'email', message: 'is missing' }],
  });
});

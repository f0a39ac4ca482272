import type { DeadLetterFilter } from '@trivet/queue';
import { z } from 'zod';

const filled = z
  .string()
  .max(200)
  .optional()
  .transform((text) => text || undefined);

/** What narrows dead letters, in an address and in a form: an empty field narrows nothing. */
export const filterFields = {
  id: filled,
  queue: filled,
  job: filled,
  reason: z.enum(['failed', 'poison', 'too-old', '']).optional(),
};

/** The same for {@link DeadLetters}. */
export function filterOf({
  id,
  queue,
  job,
  reason,
}: z.output<z.ZodObject<typeof filterFields>>): DeadLetterFilter {
  return {
    ...(id ? { ids: [id] } : {}),
    ...(queue ? { queue } : {}),
    ...(job ? { job } : {}),
    ...(reason ? { reason } : {}),
  };
}

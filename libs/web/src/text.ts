import { z } from 'zod';

/** Text of a request that PostgreSQL can keep: it has no U+0000. Limits are chained to it. */
export const text = () =>
  z.string().refine((value) => !value.includes('\0'), 'holds the character U+0000, which no text may');

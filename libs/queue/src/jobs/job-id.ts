import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const bytesPerId = 16;
const pool = Buffer.alloc(256 * bytesPerId);
let used = pool.length;

/** A new UUIDv7. Randomness is drawn for many at once: asking for it each time would be a tenth of the cost of an add in bulk. */
export function newJobId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += bytesPerId));
  return uuidv7({ random });
}

import { type MeasuredKey } from '../redis/scan.js';

/** Keys counted together. */
export class Sum {
  keys = 0;
  bytes = 0;
  largestBytes = 0;
  withoutTtl = 0;

  add({ bytes, ttlMs }: Pick<MeasuredKey, 'bytes' | 'ttlMs'>): void {
    this.keys += 1;
    this.bytes += bytes;
    this.largestBytes = Math.max(this.largestBytes, bytes);
    if (ttlMs === null) this.withoutTtl += 1;
  }

  merge(other: Sum): this {
    this.keys += other.keys;
    this.bytes += other.bytes;
    this.largestBytes = Math.max(this.largestBytes, other.largestBytes);
    this.withoutTtl += other.withoutTtl;
    return this;
  }
}

/** The sum under `name`, made when it is new. */
export function sumOf(sums: Map<string, Sum>, name: string): Sum {
  let sum = sums.get(name);
  if (sum === undefined) sums.set(name, (sum = new Sum()));
  return sum;
}

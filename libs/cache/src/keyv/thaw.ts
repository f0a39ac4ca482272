/** A copy of JSON that its reader may change; buffers, which JSON writes as lists of numbers, are buffers again. */
export function thaw(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(thaw);
  if (isBuffer(value)) return Buffer.from(value.data);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, thaw(part)]));
}

function isBuffer(value: object): value is { readonly data: readonly number[] } {
  return 'type' in value && value.type === 'Buffer' && 'data' in value && Array.isArray(value.data);
}

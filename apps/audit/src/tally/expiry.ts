const HOUR_MS = 3_600_000;

/** When the memory comes free by itself. */
export const EXPIRY_SPANS = [
  ['within 1 hour', HOUR_MS],
  ['within 4 hours', 4 * HOUR_MS],
  ['within 1 day', 24 * HOUR_MS],
  ['within 7 days', 7 * 24 * HOUR_MS],
  ['later', Infinity],
] as const;

export function expirySpan(ttlMs: number | null): string {
  if (ttlMs === null) return 'never';
  return EXPIRY_SPANS.find(([, limitMs]) => ttlMs <= limitMs)?.[0] ?? 'later';
}

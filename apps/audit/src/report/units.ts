const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Three digits are enough: `998 B`, `1.21 MiB`, `34.5 GiB`. */
export function readableBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // 999.5 would be written as 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : threeDigits(value)} ${UNITS[unit]}`;
}

function threeDigits(value: number): string {
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
}

/** `12,345` */
export function readableCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** `45.2 %`; `0.0 %` for nothing of nothing. */
export function readableShare(part: number, whole: number): string {
  return `${(whole > 0 ? (100 * part) / whole : 0).toFixed(1)} %`;
}

const SPANS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** The two largest units: `3 h 59 min`, `58 s`, `6 d`. */
export function readableSeconds(seconds: number): string {
  const largest = SPANS.findIndex(([, size]) => seconds >= size);
  if (largest < 0) return '< 1 s';
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [unit, size] of SPANS.slice(largest, largest + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

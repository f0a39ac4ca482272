import type { Instant } from './page-context.js';

const absolute = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const MINUTE_MS = 60_000;
const UNITS = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
] as const;

const describe = (distanceMs: number): string => {
  const unit = UNITS.find(([, ms]) => Math.abs(distanceMs) >= ms);
  return unit ? relative.format(Math.trunc(distanceMs / unit[1]), unit[0]) : 'just now';
};

/** Props of {@link Moment}. */
export interface MomentProps {
  readonly at: Instant;
  /** Shows the distance from here ("3 minutes ago") instead of the date. */
  readonly from?: Date;
}

/** A point in time. The server does not know the reader's time zone, so dates say UTC. */
export const Moment = ({ at, from }: MomentProps) => {
  const date = new Date(at);
  const exact = `${absolute.format(date)} UTC`;
  return (
    <time datetime={date.toISOString()} title={exact}>
      {from ? describe(date.getTime() - from.getTime()) : exact}
    </time>
  );
};

/** A span of time in hours and minutes, such as `3 h 40 min`. */
export const formatSpan = (spanMs: number): string => {
  const minutes = Math.max(0, Math.floor(spanMs / MINUTE_MS));
  const parts = [
    [Math.floor(minutes / 60), 'h'],
    [minutes % 60, 'min'],
  ] as const;
  const text = parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : []));
  return text.join(' ') || 'less than a minute';
};

/** Props of {@link ProgressBar}. */
export interface ProgressBarProps {
  /** What progresses; read out with the bar. */
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** What is counted, such as `lessons`. */
  readonly unit: string;
}

/** How much of something is done, in words and as a bar. */
export const ProgressBar = ({ label, done, total, unit }: ProgressBarProps) => (
  <div class="progress">
    <progress aria-label={label} value={done} max={Math.max(total, 1)} />
    <span>
      {done} of {total} {unit}
    </span>
  </div>
);

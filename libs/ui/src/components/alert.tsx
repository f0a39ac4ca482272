import type { ComponentChildren } from 'preact';
import type { Tone } from '../page-context.js';

/** Props of {@link Alert}. */
export interface AlertProps {
  readonly tone: Tone;
  readonly title?: string;
  readonly children: ComponentChildren;
}

/** A message about this page; danger interrupts a screen reader, the others wait their turn. */
export const Alert = ({ tone, title, children }: AlertProps) => (
  <div class={`alert ${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
    {title && <strong>{title}</strong>}
    <div>{children}</div>
  </div>
);

import type { ComponentChildren } from 'preact';
import type { Tone } from '../page-context.js';

/** Props of {@link Badge}. */
export interface BadgeProps {
  readonly tone: Tone;
  readonly children: ComponentChildren;
}

/** A state in a word or two; the word says it, the colour only helps. */
export const Badge = ({ tone, children }: BadgeProps) => <span class={`badge ${tone}`}>{children}</span>;

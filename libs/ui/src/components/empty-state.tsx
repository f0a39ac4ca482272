import type { ComponentChildren } from 'preact';

/** Props of {@link EmptyState}. */
export interface EmptyStateProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Stands where a list would be, and says how to get its first entry. */
export const EmptyState = ({ title, children }: EmptyStateProps) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    <p>{children}</p>
  </div>
);

import type { ComponentChildren } from 'preact';

/** Props of {@link Card}. */
export interface CardProps {
  readonly title: string;
  /** Unique on the page; names the section and makes it a target for links. */
  readonly id: string;
  readonly children: ComponentChildren;
}

/** A titled section of a page, on an enamel plate with a rim. */
export const Card = ({ title, id, children }: CardProps) => (
  <section class="card" id={id} aria-labelledby={`${id}-title`}>
    <h2 id={`${id}-title`}>{title}</h2>
    {children}
  </section>
);

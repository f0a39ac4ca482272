import type { ComponentChildren } from 'preact';

/** Props of {@link Card}. */
export interface CardProps {
  readonly title: string;
  /** Unique on the page; names the section and makes it a target for links. */
  readonly id: string;
  /** Stands beside the title. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A titled section of a page, on an enamel plate with a rim. */
export const Card = ({ title, id, aside, children }: CardProps) => (
  <section class="card" id={id} aria-labelledby={`${id}-title`}>
    <div class="card-head">
      <h2 id={`${id}-title`}>{title}</h2>
      {aside}
    </div>
    {children}
  </section>
);

import type { ComponentChildren } from 'preact';

/** How much a button asks for attention. */
export type ButtonLook = 'primary' | 'secondary' | 'danger' | 'quiet';

/** What every button has. */
export interface ButtonProps {
  readonly look?: ButtonLook;
  /** Said to screen readers instead of the text, where the text alone is ambiguous; starts with the text. */
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** Props of {@link Button}. */
export interface SubmitProps extends ButtonProps {
  /** With `value`: what the form says when this button sent it, where it has several. */
  readonly name?: string;
  readonly value?: string;
}

/** Submits the form it stands in. */
export const Button = ({ look = 'primary', label, children, name, value }: SubmitProps) => (
  <button type="submit" class={`button ${look}`} aria-label={label} name={name} value={value}>
    {children}
  </button>
);

/** Props of {@link ButtonLink}. */
export interface ButtonLinkProps extends ButtonProps {
  readonly href: string;
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export const ButtonLink = ({ look = 'primary', label, href, children }: ButtonLinkProps) => (
  <a class={`button ${look}`} href={href} aria-label={label}>
    {children}
  </a>
);

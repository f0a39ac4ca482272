import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';

/** The request's CSRF token. The layout provides it, so that no form can forget it. */
export const CsrfToken = createContext<string | undefined>(undefined);

/** Props of {@link Form}. */
export interface FormProps {
  readonly action: string;
  /** Names the form as a landmark, where a page has several. */
  readonly label?: string;
  readonly inline?: boolean;
  /** Fields the person does not see. */
  readonly hidden?: Readonly<Record<string, string>>;
  readonly children: ComponentChildren;
}

/** A POST form that carries the CSRF token. */
export const Form = ({ action, label, inline = false, hidden = {}, children }: FormProps) => {
  const csrfToken = useContext(CsrfToken);
  const fields = csrfToken === undefined ? hidden : { _csrf: csrfToken, ...hidden };
  return (
    <form method="post" action={action} aria-label={label} class={inline ? 'form-inline' : 'form'}>
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
};

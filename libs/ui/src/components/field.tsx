import type { ComponentChildren } from 'preact';

/** What every kind of field has. */
export interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string;
  readonly value?: string;
  readonly required?: boolean;
  readonly maxLength?: number;
  /** @default name; needed where two forms of a page have a field of the same name */
  readonly id?: string;
}

/** Props of {@link Field}. */
export interface InputFieldProps extends FieldProps {
  readonly type?: 'text' | 'email' | 'password';
  readonly autocomplete?: string;
  readonly minLength?: number;
}

/** Props of {@link TextField}. */
export interface TextFieldProps extends FieldProps {
  readonly rows?: number;
  /** Fixed-width letters, for text that is source. */
  readonly code?: boolean;
}

const controlProps = ({ id, name, hint, error, required, maxLength }: FieldProps) => {
  const control = id ?? name;
  const described = [error && `${control}-error`, hint && `${control}-hint`].filter(Boolean).join(' ');
  return {
    id: control,
    name,
    required,
    maxLength,
    'aria-describedby': described || undefined,
    'aria-invalid': error ? ('true' as const) : undefined,
  };
};

const Frame = ({ field, children }: { readonly field: FieldProps; readonly children: ComponentChildren }) => {
  const id = field.id ?? field.name;
  return (
    <div class={field.error ? 'field invalid' : 'field'}>
      <label for={id}>{field.label}</label>
      {children}
      {field.error && (
        <p class="field-error" id={`${id}-error`}>
          {field.error}
        </p>
      )}
      {field.hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {field.hint}
        </p>
      )}
    </div>
  );
};

/** One line of input with its label, hint and error. A password is never sent back as a value. */
export const Field = ({ type = 'text', autocomplete, minLength, ...field }: InputFieldProps) => {
  const props = { ...controlProps(field), autocomplete, minLength };
  return (
    <Frame field={field}>
      {type === 'password' && <input {...props} type="password" />}
      {type === 'email' && <input {...props} type="email" value={field.value} />}
      {type === 'text' && <input {...props} type="text" value={field.value} />}
    </Frame>
  );
};

/** Several lines of input with their label, hint and error. */
export const TextField = ({ rows = 4, code = false, ...field }: TextFieldProps) => (
  <Frame field={field}>
    <textarea {...controlProps(field)} rows={rows} class={code ? 'code' : undefined} spellcheck={!code}>
      {field.value}
    </textarea>
  </Frame>
);

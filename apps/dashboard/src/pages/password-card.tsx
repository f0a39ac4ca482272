import { Alert, Button, Card, Field, Form, type PageContext } from '@trivet/ui';

/** What is wrong with the password form, by field. */
export interface PasswordErrors {
  readonly currentPassword?: string;
  readonly newPassword?: string;
}

/** Props of {@link PasswordCard}. */
export interface PasswordCardProps {
  readonly context: PageContext;
  readonly errors?: PasswordErrors;
}

/** Changes the password; closed while the session is not live, because the change revokes other sessions. */
export const PasswordCard = ({ context, errors = {} }: PasswordCardProps) => (
  <Card id="password" title="Password">
    {context.session?.mode === 'live' ? (
      <Form action="/account/password">
        <Field
          name="currentPassword"
          label="Current password"
          type="password"
          autocomplete="current-password"
          error={errors.currentPassword}
          required
        />
        <Field
          name="newPassword"
          label="New password"
          type="password"
          autocomplete="new-password"
          hint="At least 12 characters. All other devices are signed out."
          error={errors.newPassword}
          minLength={12}
          required
        />
        <Button>Change password</Button>
      </Form>
    ) : (
      <Alert tone="info" title="Not possible at the moment.">
        The session store does not answer, so other devices could not be signed out. Your password stays as it
        is; please come back in a few minutes.
      </Alert>
    )}
  </Card>
);

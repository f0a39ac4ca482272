import { Alert, Button, Card, Field, Form, Layout, type SignedInContext } from '@trivet/ui';

/** What an operator types before everybody is signed out. */
export const everybodyPhrase = 'sign out everybody';

/** What is wrong with one of the two forms, by field. */
export interface SessionsErrors {
  readonly email?: string;
  readonly personPassword?: string;
  readonly confirmation?: string;
  readonly everybodyPassword?: string;
}

/** Props of {@link SessionsPage}. */
export interface SessionsPageProps {
  readonly context: SignedInContext;
  readonly errors?: SessionsErrors;
  /** What was typed before, so that it need not be typed again. */
  readonly email?: string;
}

interface PasswordFieldProps {
  readonly form: string;
  readonly error: string | undefined;
}

const PasswordField = ({ form, error }: PasswordFieldProps) => (
  <Field
    id={`${form}-password`}
    name="password"
    label="Your password"
    type="password"
    autocomplete="current-password"
    error={error}
    required
  />
);

const PersonCard = ({ email, errors }: { readonly email?: string; readonly errors: SessionsErrors }) => (
  <Card id="person" title="One person">
    <p>
      Signs them out on every device, within a second. They can sign in again: a new password is their part.
    </p>
    <Form action="/operations/sessions/person" label="Sign out one person">
      <Field
        name="email"
        label="Their e-mail"
        type="email"
        autocomplete="off"
        value={email}
        error={errors.email}
        maxLength={254}
        required
      />
      <PasswordField form="person" error={errors.personPassword} />
      <Button look="danger">Sign this person out</Button>
    </Form>
  </Card>
);

const EverybodyCard = ({ errors }: { readonly errors: SessionsErrors }) => (
  <Card id="everybody" title="Everybody">
    <p>
      Signs everybody out, you too. It holds through an outage, a restored backup and the loss of all session
      data; clearing Redis does not sign anybody out.
    </p>
    <Form action="/operations/sessions/everybody" label="Sign out everybody">
      <Field
        name="confirmation"
        label="Confirmation"
        hint={`Type “${everybodyPhrase}”.`}
        autocomplete="off"
        error={errors.confirmation}
        required
      />
      <PasswordField form="everybody" error={errors.everybodyPassword} />
      <Button look="danger">Sign out everybody</Button>
    </Form>
  </Card>
);

/** Where operators end other people's sessions; closed while this session cannot be confirmed. */
export const SessionsPage = ({ context, errors = {}, email }: SessionsPageProps) => (
  <Layout
    context={context}
    title="Sessions"
    crumbs={[{ label: 'Operations', href: '/operations' }, { label: 'Sessions' }]}
  >
    <h1>Sessions</h1>
    <p class="lead">When an account or the whole platform may be in the wrong hands.</p>
    {context.session?.mode === 'live' ? (
      <>
        <PersonCard errors={errors} {...(email === undefined ? {} : { email })} />
        <EverybodyCard errors={errors} />
      </>
    ) : (
      <Alert tone="info" title="Not possible on this page at the moment.">
        The session store does not answer, so your own session cannot be confirmed. The command{' '}
        <code>sessions revoke-all</code> works meanwhile; see the runbook.
      </Alert>
    )}
  </Layout>
);

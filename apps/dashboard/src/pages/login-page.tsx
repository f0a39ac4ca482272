import { Alert, Button, Field, Form, Layout, type PageContext } from '@trivet/ui';

/** Props of {@link LoginPage}. */
export interface LoginPageProps {
  readonly context: PageContext;
  /** Where to go afterwards; checked by the controller, sent along as `return_to`. */
  readonly returnTo: string;
  /** What was typed before, so that it need not be typed again. */
  readonly email?: string;
  readonly error?: string;
  readonly notice?: string;
}

/** Sign-in for both sites. */
export const LoginPage = ({ context, returnTo, email, error, notice }: LoginPageProps) => (
  <Layout context={context} title="Sign in">
    <div class="narrow">
      <h1>Sign in</h1>
      <p class="lead">Once, for the dashboard and the courses.</p>
      {notice && <Alert tone="info">{notice}</Alert>}
      {error && <Alert tone="danger">{error}</Alert>}
      <div class="card">
        <Form action="/login" hidden={{ return_to: returnTo }}>
          <Field name="email" label="E-mail" type="email" autocomplete="username" value={email} required />
          <Field name="password" label="Password" type="password" autocomplete="current-password" required />
          <Button>Sign in</Button>
        </Form>
      </div>
    </div>
  </Layout>
);

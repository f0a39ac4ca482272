import { Card, Layout, type SignedInContext } from '@trivet/ui';
import { DevicesCard, type Device } from './devices-card.js';
import { PasswordCard, type PasswordErrors } from './password-card.js';

/** Props of {@link AccountPage}. */
export interface AccountPageProps {
  readonly context: SignedInContext;
  readonly devices: readonly Device[];
  readonly passwordErrors?: PasswordErrors;
}

/** Who one is, where one is signed in, and the password. */
export const AccountPage = ({ context, devices, passwordErrors }: AccountPageProps) => (
  <Layout context={context} title="Account">
    <h1>Account</h1>
    <Card id="profile" title="Profile">
      <dl class="facts">
        <dt>Name</dt>
        <dd>{context.user.name}</dd>
        <dt>E-mail</dt>
        <dd>{context.user.email}</dd>
        <dt>Roles</dt>
        <dd>{context.user.roles.join(', ')}</dd>
      </dl>
    </Card>
    <DevicesCard context={context} devices={devices} />
    <PasswordCard context={context} errors={passwordErrors} />
  </Layout>
);

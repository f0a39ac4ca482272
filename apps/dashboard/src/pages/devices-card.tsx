import {
  Alert,
  Badge,
  Button,
  Card,
  Form,
  Moment,
  Table,
  type Column,
  type Instant,
  type PageContext,
} from '@trivet/ui';

/** One signed-in browser, as `GET /api/devices` lists it. */
export interface Device {
  readonly id: string;
  readonly label: string;
  readonly app: string;
  readonly current: boolean;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
}

/** Props of {@link DevicesCard}. */
export interface DevicesCardProps {
  readonly context: PageContext;
  readonly devices: readonly Device[];
}

const columns = (now: Date): readonly Column<Device>[] => [
  {
    header: 'Device',
    cell: ({ label, current }) => (
      <>
        <strong>{label}</strong> {current && <Badge tone="success">This device</Badge>}
      </>
    ),
  },
  { header: 'Signed in on', cell: ({ app }) => app },
  { header: 'First seen', cell: ({ firstSeenAt }) => <Moment at={firstSeenAt} /> },
  { header: 'Last seen', cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} from={now} /> },
  {
    header: 'Sign out',
    action: true,
    cell: ({ id, label }) => (
      <Form action={`/account/devices/${id}/revoke`} inline>
        <Button look="secondary" label={`Sign out ${label}`}>
          Sign out
        </Button>
      </Form>
    ),
  },
];

/** Where someone is signed in, and the way to end it there. */
export const DevicesCard = ({ context, devices }: DevicesCardProps) => (
  <Card id="devices" title="Devices">
    {context.degraded.includes('session') && (
      <Alert tone="info">Only this device is shown until the session store is back.</Alert>
    )}
    <Table
      caption="Devices you are signed in on"
      columns={columns(context.now)}
      rows={devices}
      rowKey={({ id }) => id}
    />
    <div class="actions">
      <Form action="/account/devices/revoke-others" inline>
        <Button look="secondary">Sign out all other devices</Button>
      </Form>
      <Form action="/account/devices/revoke-all" inline>
        <Button look="danger">Sign out everywhere</Button>
      </Form>
    </div>
  </Card>
);

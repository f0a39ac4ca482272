import type { Note } from '@trivet/academy';
import { Button, Card, EmptyState, Form, Moment, TextField, type PageContext } from '@trivet/ui';

/** Props of {@link NotesCard}. */
export interface NotesCardProps {
  readonly context: PageContext;
  readonly notes: readonly Note[];
  readonly error?: string;
}

/** One's own notes, newest first, and a form for the next. */
export const NotesCard = ({ context, notes, error }: NotesCardProps) => (
  <Card id="notes" title="Your notes">
    <Form action="/notes" hidden={{ return_to: context.path }}>
      <TextField name="text" label="New note" error={error} rows={3} maxLength={2000} required />
      <Button look="secondary">Add note</Button>
    </Form>
    {notes.length === 0 ? (
      <EmptyState title="No notes yet">What you write here is only for you.</EmptyState>
    ) : (
      <ul class="notes">
        {notes.map(({ jobId, text, at }) => (
          <li key={jobId}>
            <p>{text}</p>
            <p class="fine">
              <Moment at={at} from={context.now} />
            </p>
          </li>
        ))}
      </ul>
    )}
  </Card>
);

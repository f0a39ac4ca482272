import { Button, ButtonLink, Field, Form, Layout, TextField, type SignedInContext } from '@trivet/ui';

/** Props of {@link LessonEditPage}. */
export interface LessonEditPageProps {
  readonly context: SignedInContext;
  readonly lesson: { readonly slug: string; readonly title: string; readonly markdown: string };
  /** What is wrong with the form, by field. */
  readonly errors?: { readonly title?: string; readonly markdown?: string };
}

/** An operator's form for one lesson. */
export const LessonEditPage = ({ context, lesson, errors = {} }: LessonEditPageProps) => (
  <Layout
    context={context}
    title={`Edit: ${lesson.title}`}
    crumbs={[{ label: 'Lessons', href: '/lessons' }, { label: lesson.title }]}
  >
    <h1>Edit lesson</h1>
    <div class="card">
      <Form action={`/lessons/${lesson.slug}`}>
        <Field
          name="title"
          label="Title"
          value={lesson.title}
          error={errors.title}
          maxLength={200}
          required
        />
        <TextField
          name="markdown"
          label="Text"
          hint="Markdown. Start sections with ##; the title above is the lesson’s heading."
          value={lesson.markdown}
          error={errors.markdown}
          rows={22}
          code
          required
        />
        <div class="actions">
          <Button>Save lesson</Button>
          <ButtonLink look="quiet" href={`${context.links.learn}/lessons/${lesson.slug}`}>
            See it on the learning site
          </ButtonLink>
        </div>
      </Form>
    </div>
  </Layout>
);

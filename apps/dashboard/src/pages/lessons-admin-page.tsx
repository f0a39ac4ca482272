import type { Course } from '@trivet/academy';
import { Card, Layout, type SignedInContext } from '@trivet/ui';

/** Props of {@link LessonsAdminPage}. */
export interface LessonsAdminPageProps {
  readonly context: SignedInContext;
  readonly courses: readonly Course[];
}

/** Every lesson of every course, for an operator to edit. */
export const LessonsAdminPage = ({ context, courses }: LessonsAdminPageProps) => (
  <Layout context={context} title="Lessons">
    <h1>Lessons</h1>
    <p class="lead">A change is on the learning site within a second.</p>
    {courses.map((course) => (
      <Card key={course.slug} id={course.slug} title={course.title}>
        <ol class="lessons">
          {course.lessons.map(({ slug, title }) => (
            <li key={slug}>
              <a href={`/lessons/${slug}`}>{title}</a>
            </li>
          ))}
        </ol>
      </Card>
    ))}
  </Layout>
);

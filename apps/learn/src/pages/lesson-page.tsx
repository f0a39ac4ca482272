import type { Certificate, Course, Lesson, Note } from '@trivet/academy';
import { Alert, Badge, Button, Card, Form, Layout, signInUrl, type PageContext } from '@trivet/ui';
import { CertificateRequest } from './certificate-request.js';
import { LessonList } from './lesson-list.js';
import { LessonText } from './lesson-text.js';
import { NotesCard } from './notes-card.js';

/** Props of {@link LessonPage}; course and lesson are the same for everybody, the rest belongs to the reader. */
export interface LessonPageProps {
  readonly context: PageContext;
  readonly course: Course;
  /** Its `html` is trusted: it comes sanitised. */
  readonly lesson: Lesson;
  /** Slugs of the lessons the reader has completed. */
  readonly completed: readonly string[];
  readonly notes: readonly Note[];
  readonly noteError?: string;
  readonly certificate?: Certificate;
}

const Completion = ({ lesson, completed }: Pick<LessonPageProps, 'lesson' | 'completed'>) =>
  completed.includes(lesson.slug) ? (
    <p class="completion">
      <Badge tone="success">Completed</Badge>
    </p>
  ) : (
    <Form action={`/lessons/${lesson.slug}/complete`} inline>
      <Button>Mark as completed</Button>
    </Form>
  );

const Neighbours = ({ course, lesson }: Pick<LessonPageProps, 'course' | 'lesson'>) => {
  const index = course.lessons.findIndex(({ slug }) => slug === lesson.slug);
  const previous = course.lessons[index - 1];
  const next = course.lessons[index + 1];
  return (
    <nav class="neighbours" aria-label="Lessons before and after">
      {previous && (
        <a class="previous" rel="prev" href={`/lessons/${previous.slug}`}>
          <span>Previous</span> {previous.title}
        </a>
      )}
      {next && (
        <a class="next" rel="next" href={`/lessons/${next.slug}`}>
          <span>Next</span> {next.title}
        </a>
      )}
    </nav>
  );
};

const CourseCard = ({ context, course, lesson, completed, certificate }: LessonPageProps) => (
  <Card id="course" title={course.title}>
    <LessonList lessons={course.lessons} completed={completed} current={lesson.slug} />
    {context.user && <CertificateRequest course={course} certificate={certificate} />}
  </Card>
);

/** One lesson to read, complete and take notes on. */
export const LessonPage = (props: LessonPageProps) => {
  const { context, course, lesson } = props;
  return (
    <Layout
      context={context}
      title={lesson.title}
      crumbs={[
        { label: 'Courses', href: '/' },
        { label: course.title, href: `/#${course.slug}` },
        { label: lesson.title },
      ]}
    >
      <div class="reading">
        <article>
          <h1>{lesson.title}</h1>
          <LessonText html={lesson.html} />
          {context.user ? (
            <Completion lesson={lesson} completed={props.completed} />
          ) : (
            <Alert tone="neutral">
              <a href={signInUrl(context)}>Sign in</a> to keep your progress and take notes.
            </Alert>
          )}
          <Neighbours course={course} lesson={lesson} />
        </article>
        <aside aria-label="Course and notes">
          <CourseCard {...props} />
          {context.user && <NotesCard context={context} notes={props.notes} error={props.noteError} />}
        </aside>
      </div>
    </Layout>
  );
};

import type { Certificate, CourseProgress } from '@trivet/academy';
import {
  ButtonLink,
  Card,
  CertificateBadge,
  certificateFileUrl,
  EmptyState,
  Layout,
  Moment,
  ProgressBar,
  Table,
  type Column,
  type Links,
  type SignedInContext,
} from '@trivet/ui';

/** How far someone is in a course, and where it goes on. */
export interface CourseStanding extends CourseProgress {
  /** The first lesson not yet completed. */
  readonly next?: { readonly slug: string; readonly title: string };
}

/** Props of {@link OverviewPage}. */
export interface OverviewPageProps {
  readonly context: SignedInContext;
  readonly courses: readonly CourseStanding[];
  readonly certificates: readonly Certificate[];
}

const CourseRow = ({ course, learn }: { readonly course: CourseStanding; readonly learn: string }) => (
  <li class="course-row">
    <h3>
      <a href={`${learn}/#${course.course}`}>{course.title}</a>
    </h3>
    <ProgressBar label={course.title} done={course.completed} total={course.total} unit="lessons" />
    {course.next && (
      <p>
        {course.completed > 0 ? 'Continue with ' : 'Start with '}
        <a href={`${learn}/lessons/${course.next.slug}`}>{course.next.title}</a>
      </p>
    )}
  </li>
);

const certificateColumns = ({ learn }: Links): readonly Column<Certificate>[] => [
  { header: 'Course', cell: ({ title }) => <strong>{title}</strong> },
  { header: 'State', cell: ({ state }) => <CertificateBadge state={state} /> },
  { header: 'Asked for', cell: ({ requestedAt }) => <Moment at={requestedAt} /> },
  {
    header: 'Certificate',
    action: true,
    cell: ({ id, state, title }) =>
      state === 'ready' ? (
        <ButtonLink href={certificateFileUrl(id)} label={`Download PDF: ${title}`}>
          Download PDF
        </ButtonLink>
      ) : (
        <ButtonLink look="secondary" href={`${learn}/certificates/${id}`} label={`Details: ${title}`}>
          Details
        </ButtonLink>
      ),
  },
];

const Certificates = ({ context, certificates }: Omit<OverviewPageProps, 'courses'>) =>
  certificates.length === 0 ? (
    <EmptyState title="No certificate yet">
      Open a course on <a href={`${context.links.learn}/`}>the learning site</a> and ask for one there.
    </EmptyState>
  ) : (
    <Table
      caption="Your certificates"
      columns={certificateColumns(context.links)}
      rows={certificates}
      rowKey={({ id }) => id}
    />
  );

/** The start of the dashboard: how far one is, and what one has earned. */
export const OverviewPage = ({ context, courses, certificates }: OverviewPageProps) => {
  const done = courses.reduce((sum, { completed }) => sum + completed, 0);
  const total = courses.reduce((sum, course) => sum + course.total, 0);
  return (
    <Layout context={context} title="Dashboard">
      <h1>Hello, {context.user.name}</h1>
      <p class="lead">
        {done === 0 ? 'Your first lesson is waiting.' : `You have completed ${done} of ${total} lessons.`}
      </p>
      <Card id="progress" title="Courses">
        <ul class="course-rows">
          {courses.map((course) => (
            <CourseRow key={course.course} course={course} learn={context.links.learn} />
          ))}
        </ul>
      </Card>
      <Card id="certificates" title="Certificates">
        <Certificates context={context} certificates={certificates} />
      </Card>
    </Layout>
  );
};

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
  type CertificateState,
  type Column,
  type Links,
  type SignedInContext,
} from '@trivet/ui';

/** How far someone is in one course. */
export interface CourseProgress {
  readonly slug: string;
  readonly title: string;
  readonly completed: number;
  readonly total: number;
  /** The first lesson not yet completed. */
  readonly next?: { readonly slug: string; readonly title: string };
}

/** A certificate in the overview. */
export interface CertificateSummary {
  readonly id: string;
  readonly courseTitle: string;
  readonly state: CertificateState;
  /** ISO 8601. */
  readonly requestedAt: string;
}

/** Props of {@link OverviewPage}. */
export interface OverviewPageProps {
  readonly context: SignedInContext;
  readonly courses: readonly CourseProgress[];
  readonly certificates: readonly CertificateSummary[];
}

const CourseRow = ({ course, learn }: { readonly course: CourseProgress; readonly learn: string }) => (
  <li class="course-row">
    <h3>
      <a href={`${learn}/#${course.slug}`}>{course.title}</a>
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

const certificateColumns = ({ learn }: Links): readonly Column<CertificateSummary>[] => [
  { header: 'Course', cell: ({ courseTitle }) => <strong>{courseTitle}</strong> },
  { header: 'State', cell: ({ state }) => <CertificateBadge state={state} /> },
  { header: 'Asked for', cell: ({ requestedAt }) => <Moment at={requestedAt} /> },
  {
    header: 'Certificate',
    action: true,
    cell: ({ id, state, courseTitle }) =>
      state === 'ready' ? (
        <ButtonLink href={certificateFileUrl(id)} label={`Download PDF: ${courseTitle}`}>
          Download PDF
        </ButtonLink>
      ) : (
        <ButtonLink look="secondary" href={`${learn}/certificates/${id}`} label={`Details: ${courseTitle}`}>
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
            <CourseRow key={course.slug} course={course} learn={context.links.learn} />
          ))}
        </ul>
      </Card>
      <Card id="certificates" title="Certificates">
        <Certificates context={context} certificates={certificates} />
      </Card>
    </Layout>
  );
};

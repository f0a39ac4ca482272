import type { Certificate, Course } from '@trivet/academy';
import { Alert, Card, Layout, ProgressBar, signInUrl, type PageContext } from '@trivet/ui';
import { CertificateRequest } from './certificate-request.js';
import { LessonList } from './lesson-list.js';

/** Props of {@link CoursesPage}; `courses` is the same for everybody, the rest belongs to the reader. */
export interface CoursesPageProps {
  readonly context: PageContext;
  readonly courses: readonly Course[];
  /** Slugs of the lessons the reader has completed. */
  readonly completed: readonly string[];
  readonly certificates: readonly Certificate[];
}

interface CourseCardProps extends Omit<CoursesPageProps, 'courses'> {
  readonly course: Course;
}

const CourseCard = ({ context, course, completed, certificates }: CourseCardProps) => {
  const done = course.lessons.filter(({ slug }) => completed.includes(slug)).length;
  return (
    <Card id={course.slug} title={course.title}>
      <p>{course.summary}</p>
      {context.user && (
        <ProgressBar label={course.title} done={done} total={course.lessons.length} unit="lessons" />
      )}
      <LessonList lessons={course.lessons} completed={completed} />
      {context.user && (
        <CertificateRequest
          course={course}
          certificate={certificates.find((certificate) => certificate.course === course.slug)}
        />
      )}
    </Card>
  );
};

/** The start of the learning site: every course with its lessons. */
export const CoursesPage = ({ courses, ...reader }: CoursesPageProps) => (
  <Layout context={reader.context} title="Courses">
    <h1>Courses</h1>
    <p class="lead">Short lessons about keeping a service up when the things under it go away.</p>
    {reader.context.user && (
      <p>
        <a href="/digest">Your week</a>, on a page and by mail
      </p>
    )}
    {!reader.context.user && (
      <Alert tone="neutral">
        Everything can be read without an account. <a href={signInUrl(reader.context)}>Sign in</a> to keep
        your progress, take notes and earn certificates.
      </Alert>
    )}
    <div class="courses">
      {courses.map((course) => (
        <CourseCard key={course.slug} course={course} {...reader} />
      ))}
    </div>
  </Layout>
);

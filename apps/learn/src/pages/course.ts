import type { CertificateState } from '@trivet/ui';

/** A lesson in a list. */
export interface LessonLink {
  readonly slug: string;
  readonly title: string;
}

/** A course as `GET /api/courses` lists it. */
export interface Course {
  readonly slug: string;
  readonly title: string;
  readonly lessons: readonly LessonLink[];
}

/** The certificate someone has asked for in a course. */
export interface CourseCertificate {
  readonly id: string;
  readonly course: string;
  readonly state: CertificateState;
}

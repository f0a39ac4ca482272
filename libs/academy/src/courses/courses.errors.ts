import { AcademyError } from '../academy.errors.js';

/** There is no such course. */
export class CourseNotFoundError extends AcademyError {
  readonly code = 'COURSE_NOT_FOUND';

  constructor() {
    super('There is no such course.');
  }
}

/** There is no such lesson. */
export class LessonNotFoundError extends AcademyError {
  readonly code = 'LESSON_NOT_FOUND';

  constructor() {
    super('There is no such lesson.');
  }
}

import type { Course } from '@trivet/academy';

/** Props of {@link LessonList}. */
export interface LessonListProps {
  readonly lessons: Course['lessons'];
  readonly completed: readonly string[];
  /** The lesson being read. */
  readonly current?: string;
}

/** The lessons of a course in order, with what is done. */
export const LessonList = ({ lessons, completed, current }: LessonListProps) => (
  <ol class="lessons">
    {lessons.map(({ slug, title }) => {
      const done = completed.includes(slug);
      return (
        <li key={slug} class={done ? 'done' : undefined}>
          <a href={`/lessons/${slug}`} aria-current={slug === current ? 'page' : undefined}>
            {title}
            {done && <span class="hidden"> (completed)</span>}
          </a>
        </li>
      );
    })}
  </ol>
);

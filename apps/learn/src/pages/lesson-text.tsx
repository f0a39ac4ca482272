/** Props of {@link LessonText}. */
export interface LessonTextProps {
  /** Sanitised: its `pre` and `table` carry no attributes. */
  readonly html: string;
}

// Both may be wider than a phone and then scroll by themselves; a keyboard must be able to reach them for that.
const withReachableScrollers = (html: string): string =>
  html
    .replaceAll('<pre>', '<pre tabindex="0">')
    .replaceAll('<table>', '<div class="scroll" tabindex="0"><table>')
    .replaceAll('</table>', '</table></div>');

/** The body of a lesson. */
export const LessonText = ({ html }: LessonTextProps) => (
  <div class="prose" dangerouslySetInnerHTML={{ __html: withReachableScrollers(html) }} />
);

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../lessons', import.meta.url));

/** A Markdown file with its front matter. */
export interface LessonFile {
  /** The file's name without number and ending. */
  readonly slug: string;
  readonly title: string;
  readonly markdown: string;
}

/** A folder of lessons; `course.md` in it says what it is about. */
export interface CourseFolder {
  readonly slug: string;
  readonly title: string;
  readonly summary: string;
  /** In the order of the files' names. */
  readonly lessons: readonly LessonFile[];
}

/** Reads `lessons/<nn>-<course>/<nn>-<lesson>.md`, in the order of the numbers. */
export async function readCourses(): Promise<CourseFolder[]> {
  const folders = (await readdir(FOLDER)).sort();
  return Promise.all(folders.map((folder) => readCourse(join(FOLDER, folder))));
}

async function readCourse(folder: string): Promise<CourseFolder> {
  const names = (await readdir(folder)).filter((name) => name !== 'course.md').sort();
  const { title, body } = parse(await readFile(join(folder, 'course.md'), 'utf8'));
  const lessons = await Promise.all(names.map((name) => readLesson(join(folder, name))));
  return { slug: slugOf(folder), title, summary: body, lessons };
}

async function readLesson(path: string): Promise<LessonFile> {
  const { title, body } = parse(await readFile(path, 'utf8'));
  return { slug: slugOf(path), title, markdown: body };
}

function slugOf(path: string): string {
  return basename(path, '.md').replace(/^\d+-/, '');
}

/** Front matter with one field, `title`, between lines of three dashes. */
function parse(text: string): { title: string; body: string } {
  const [, title, body] = /^---\ntitle: (.+)\n---\n([^]*)$/.exec(text) ?? [];
  if (!title || !body) throw new Error(`Expected front matter with a title, got "${text.slice(0, 40)}"`);
  return { title, body: body.trim() };
}

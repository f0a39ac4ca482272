import type { OutgoingMail } from '../mail/mailer.js';
import type { Digest } from './digests.js';

/** Writes a digest down as a mail. @param learnUrl the learning site, without a trailing slash */
export function digestMail(digest: Digest, learnUrl: string): Omit<OutgoingMail, 'id'> {
  const lately = digest.courses.reduce((sum, course) => sum + course.lately, 0);
  const subject =
    lately === 0 ? 'Your week at the academy' : `Your week: ${plural(lately, 'lesson')} completed`;
  return { to: digest.email, subject, text: textOf(digest, learnUrl), html: htmlOf(digest, learnUrl) };
}

function textOf(digest: Digest, learnUrl: string): string {
  const { next } = digest;
  return [
    `Hello ${digest.name},`,
    `this is ${spanOf(digest)}.`,
    digest.courses.map((course) => `- ${course.title}: ${standingOf(course)}`).join('\n'),
    ...newsOf(digest),
    ...(next ? [`Next: ${next.title}\n${learnUrl}/lessons/${next.slug}`] : []),
    `You can have this mail each week, or not, at ${learnUrl}/`,
  ].join('\n\n');
}

function htmlOf(digest: Digest, learnUrl: string): string {
  const { next } = digest;
  const courses = digest.courses.map(
    (course) => `<li><b>${escape(course.title)}</b>: ${standingOf(course)}</li>`,
  );
  return [
    `<h2>Hello ${escape(digest.name)},</h2>`,
    `<p>this is ${spanOf(digest)}.</p>`,
    `<ul>${courses.join('')}</ul>`,
    ...newsOf(digest).map((line) => `<p>${escape(line)}</p>`),
    ...(next ? [`<p>Next: <a href="${learnUrl}/lessons/${next.slug}">${escape(next.title)}</a></p>`] : []),
    `<p>You can have this mail each week, or not, at <a href="${learnUrl}/">the learning site</a>.</p>`,
  ].join('\n');
}

const standingOf = ({ completed, total, lately }: Digest['courses'][number]): string =>
  `${completed} of ${plural(total, 'lesson')}${lately > 0 ? `, ${lately} of them this week` : ''}`;

function newsOf({ certificates, notes }: Digest): string[] {
  return [
    ...certificates.map((title) => `Your certificate of ${title} is ready.`),
    ...(notes > 0 ? [`You have written ${plural(notes, 'note')}.`] : []),
  ];
}

const spanOf = ({ period }: Digest): string => `your week from ${day(period.from)} to ${day(period.until)}`;

const day = (at: Date): string => at.toISOString().slice(0, 10);

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

import { sql } from 'drizzle-orm';
import {
  bigserial,
  check,
  customType,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Role } from './accounts/accounts.js';

/** The academy's own PostgreSQL schema. */
export const academy = pgSchema('academy');

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const instant = (name: string) => timestamp(name, { withTimezone: true });

export const users = academy.table(
  'users',
  {
    id: uuid().primaryKey(),
    email: text().notNull(),
    name: text().notNull(),
    passwordHash: text('password_hash').notNull(),
    roles: text().array().$type<Role[]>().notNull(),
    // Sign-ins up to here are over, except the one that changed the password.
    signInsNotBefore: instant('sign_ins_not_before'),
    sparedSignIn: text('spared_sign_in'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    unique('users_email_key').on(table.email),
    check('users_email_is_lower_case', sql`${table.email} = lower(${table.email})`),
  ],
);

export const courses = academy.table('courses', {
  slug: text().primaryKey(),
  title: text().notNull(),
  summary: text().notNull(),
  position: integer().notNull(),
});

export const lessons = academy.table(
  'lessons',
  {
    slug: text().primaryKey(),
    courseSlug: text('course_slug')
      .notNull()
      .references(() => courses.slug, { onDelete: 'cascade' }),
    title: text().notNull(),
    markdown: text().notNull(),
    position: integer().notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [index('lessons_course_slug_position_idx').on(table.courseSlug, table.position)],
);

const ownerId = () =>
  uuid('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

export const progress = academy.table(
  'progress',
  {
    userId: ownerId(),
    lessonSlug: text('lesson_slug')
      .notNull()
      .references(() => lessons.slug, { onDelete: 'cascade' }),
    completedAt: instant('completed_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.lessonSlug] })],
);

export const certificateState = academy.enum('certificate_state', ['pending', 'ready', 'failed']);

export const certificates = academy.table(
  'certificates',
  {
    id: uuid().primaryKey(),
    userId: ownerId(),
    courseSlug: text('course_slug')
      .notNull()
      .references(() => courses.slug, { onDelete: 'cascade' }),
    state: certificateState().notNull().default('pending'),
    /** The job that makes it; once that is a dead letter the certificate has failed. */
    jobId: text('job_id'),
    requestedAt: instant('requested_at').notNull(),
    issuedAt: instant('issued_at'),
    pdf: bytes(),
  },
  (table) => [
    unique('certificates_user_id_course_slug_key').on(table.userId, table.courseSlug),
    check(
      'certificates_ready_has_pdf',
      sql`${table.state} <> 'ready' or (${table.pdf} is not null and ${table.issuedAt} is not null)`,
    ),
  ],
);

export const notes = academy.table(
  'notes',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    userId: ownerId(),
    // Not unique, on purpose: an effect that was made twice must show as two rows.
    jobId: text('job_id').notNull(),
    text: text().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [index('notes_user_id_id_idx').on(table.userId, table.id)],
);

export const digestReaders = academy.table('digest_readers', { userId: ownerId().primaryKey() });

export const signInFailures = academy.table(
  'sign_in_failures',
  {
    id: bigserial({ mode: 'number' }).primaryKey(),
    account: bytes().notNull(),
    address: bytes().notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    index('sign_in_failures_account_at_idx').on(table.account, table.at),
    index('sign_in_failures_address_at_idx').on(table.address, table.at),
    index('sign_in_failures_at_idx').on(table.at),
  ],
);

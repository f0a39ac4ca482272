CREATE SCHEMA IF NOT EXISTS "academy";
--> statement-breakpoint
CREATE TYPE "academy"."certificate_state" AS ENUM('pending', 'ready', 'failed');--> statement-breakpoint
CREATE TABLE "academy"."certificates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"course_slug" text NOT NULL,
	"state" "academy"."certificate_state" DEFAULT 'pending' NOT NULL,
	"requested_at" timestamp with time zone NOT NULL,
	"issued_at" timestamp with time zone,
	"pdf" "bytea",
	CONSTRAINT "certificates_user_id_course_slug_key" UNIQUE("user_id","course_slug"),
	CONSTRAINT "certificates_ready_has_pdf" CHECK ("academy"."certificates"."state" <> 'ready' or ("academy"."certificates"."pdf" is not null and "academy"."certificates"."issued_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "academy"."courses" (
	"slug" text PRIMARY KEY NOT NULL,
	"title" text NOT NULL,
	"summary" text NOT NULL,
	"position" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "academy"."lessons" (
	"slug" text PRIMARY KEY NOT NULL,
	"course_slug" text NOT NULL,
	"title" text NOT NULL,
	"markdown" text NOT NULL,
	"position" integer NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "academy"."notes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"job_id" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "academy"."progress" (
	"user_id" uuid NOT NULL,
	"lesson_slug" text NOT NULL,
	"completed_at" timestamp with time zone NOT NULL,
	CONSTRAINT "progress_user_id_lesson_slug_pk" PRIMARY KEY("user_id","lesson_slug")
);
--> statement-breakpoint
CREATE TABLE "academy"."sign_in_failures" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"account" "bytea" NOT NULL,
	"address" "bytea" NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "academy"."users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text NOT NULL,
	"roles" text[] NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_key" UNIQUE("email"),
	CONSTRAINT "users_email_is_lower_case" CHECK ("academy"."users"."email" = lower("academy"."users"."email"))
);
--> statement-breakpoint
ALTER TABLE "academy"."certificates" ADD CONSTRAINT "certificates_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "academy"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "academy"."certificates" ADD CONSTRAINT "certificates_course_slug_courses_slug_fk" FOREIGN KEY ("course_slug") REFERENCES "academy"."courses"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "academy"."lessons" ADD CONSTRAINT "lessons_course_slug_courses_slug_fk" FOREIGN KEY ("course_slug") REFERENCES "academy"."courses"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "academy"."notes" ADD CONSTRAINT "notes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "academy"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "academy"."progress" ADD CONSTRAINT "progress_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "academy"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "academy"."progress" ADD CONSTRAINT "progress_lesson_slug_lessons_slug_fk" FOREIGN KEY ("lesson_slug") REFERENCES "academy"."lessons"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "lessons_course_slug_position_idx" ON "academy"."lessons" USING btree ("course_slug","position");--> statement-breakpoint
CREATE INDEX "notes_user_id_id_idx" ON "academy"."notes" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "sign_in_failures_account_at_idx" ON "academy"."sign_in_failures" USING btree ("account","at");--> statement-breakpoint
CREATE INDEX "sign_in_failures_address_at_idx" ON "academy"."sign_in_failures" USING btree ("address","at");--> statement-breakpoint
CREATE INDEX "sign_in_failures_at_idx" ON "academy"."sign_in_failures" USING btree ("at");
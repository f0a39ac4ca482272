CREATE SCHEMA IF NOT EXISTS "queue";
--> statement-breakpoint
CREATE TABLE "queue"."done_jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"job" text NOT NULL,
	"done_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "done_jobs_done_at" ON "queue"."done_jobs" ("done_at");

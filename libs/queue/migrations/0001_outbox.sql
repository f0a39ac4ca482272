-- Waiting: sent_at is null. Sent: Redis has acknowledged it; the row stays until the job is done, in case Redis loses it.
CREATE TABLE "queue"."outbox" (
	"id" text PRIMARY KEY NOT NULL,
	"queue" text NOT NULL,
	"job" text NOT NULL,
	"version" integer NOT NULL,
	-- json, not jsonb: kept as it came, with no rule of its own about what a string may hold.
	"payload" json NOT NULL,
	"context" json,
	"bytes" integer NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	"run_at" timestamp with time zone DEFAULT now() NOT NULL,
	"leased_until" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"sent_at" timestamp with time zone
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
--> statement-breakpoint
CREATE INDEX "outbox_due" ON "queue"."outbox" ("run_at") WHERE "sent_at" IS NULL;
--> statement-breakpoint
CREATE INDEX "outbox_room" ON "queue"."outbox" ("queue") INCLUDE ("bytes");
--> statement-breakpoint
CREATE TABLE "queue"."dead_letters" (
	"id" text PRIMARY KEY NOT NULL,
	"queue" text NOT NULL,
	"job" text NOT NULL,
	"version" integer NOT NULL,
	"payload" json NOT NULL,
	"context" json,
	"bytes" integer NOT NULL,
	"reason" text NOT NULL,
	"error" text NOT NULL,
	"attempts" integer NOT NULL,
	"added_at" timestamp with time zone NOT NULL,
	"died_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "dead_letters_died_at" ON "queue"."dead_letters" ("died_at");

CREATE SCHEMA IF NOT EXISTS "session";
--> statement-breakpoint
CREATE TABLE "session"."evidence" (
	"id" text PRIMARY KEY NOT NULL,
	"item" text NOT NULL,
	"at" bigint NOT NULL,
	"xid" xid8 DEFAULT pg_current_xact_id() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "evidence_xid" ON "session"."evidence" ("xid");
--> statement-breakpoint
CREATE INDEX "evidence_at" ON "session"."evidence" ("at");
--> statement-breakpoint
CREATE TABLE "session"."heart" (
	"only" boolean PRIMARY KEY DEFAULT true NOT NULL CHECK ("only"),
	"beat" bigint NOT NULL
);

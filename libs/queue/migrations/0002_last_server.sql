-- The Redis that the workers saw last, by its replication id: another one may have lost what that one acknowledged.
CREATE TABLE "queue"."last_server" (
	"is_only" boolean PRIMARY KEY DEFAULT true CHECK ("is_only"),
	"identity" text NOT NULL
);

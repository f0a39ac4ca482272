-- Claims rows that are due, the longest due first. The statistics of a table that fills and empties within a minute are always
-- wrong, and a wrong plan sorts the whole backlog for every thousand rows: here there is only one plan, along the index.
CREATE FUNCTION "queue"."claim" ("queues" text[], "most" integer, "lease_ms" double precision)
RETURNS SETOF "queue"."outbox"
LANGUAGE sql VOLATILE
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off
AS $$
	UPDATE "queue"."outbox" SET "leased_until" = now() + "lease_ms" * interval '1 millisecond'
	WHERE "ctid" = ANY (ARRAY (
		SELECT "ctid" FROM "queue"."outbox"
		WHERE "sent_at" IS NULL AND "run_at" <= now() AND "leased_until" < now() AND "queue" = ANY ("queues")
		ORDER BY "run_at" LIMIT "most" FOR UPDATE SKIP LOCKED
	))
	RETURNING *
$$;

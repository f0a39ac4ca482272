-- A script that Redis broke off may have left a part of the job there, which would be taken for the job itself.
ALTER TABLE "queue"."outbox" ADD COLUMN "is_partial" boolean DEFAULT false NOT NULL;

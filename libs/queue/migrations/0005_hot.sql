-- Half of each page is left free, so that a claim writes its row anew beside the old one and touches no index (a HOT update).
ALTER TABLE "queue"."outbox" SET (fillfactor = 50);

CREATE TABLE "academy"."digest_readers" (
	"user_id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "academy"."digest_readers" ADD CONSTRAINT "digest_readers_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "academy"."users"("id") ON DELETE cascade ON UPDATE no action;
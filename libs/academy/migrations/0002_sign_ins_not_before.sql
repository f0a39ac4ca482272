ALTER TABLE "academy"."users" ADD COLUMN "sign_ins_not_before" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "academy"."users" ADD COLUMN "spared_sign_in" text;
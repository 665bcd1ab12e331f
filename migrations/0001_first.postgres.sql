CREATE TABLE "job" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"key" text NOT NULL,
	"input" text NOT NULL,
	"status" text NOT NULL,
	"step" bigint NOT NULL,
	"cursor" text,
	"attempts" bigint NOT NULL,
	"run_after" timestamp (3) with time zone NOT NULL,
	"lease_by" text,
	"lease_until" timestamp (3) with time zone,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);

CREATE TABLE "schedule" (
	"name" text PRIMARY KEY NOT NULL,
	"cron" text NOT NULL,
	"timezone" text NOT NULL,
	"next_due_at" timestamp (3) with time zone NOT NULL,
	"last_slot_at" timestamp (3) with time zone
);

CREATE TABLE "ledger_entry" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"type" text NOT NULL,
	"subject" text NOT NULL,
	"body" jsonb NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL
);

CREATE TABLE "ledger_head" (
	"id" bigint PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"seal" text NOT NULL
);

CREATE UNIQUE INDEX "job_key" ON "job" USING btree ("name","key");
CREATE INDEX "job_due" ON "job" USING btree ("status","run_after");
CREATE INDEX "ledger_entry_subject" ON "ledger_entry" USING btree ("subject","seq");

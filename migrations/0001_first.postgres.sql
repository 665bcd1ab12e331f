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

CREATE TABLE "engine_order" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"origin" text NOT NULL,
	"status" text NOT NULL,
	"identities" text NOT NULL,
	"callback" text,
	"plan_digest" text,
	"approved_digest" text,
	"findings" jsonb NOT NULL,
	"residue" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone
);

CREATE TABLE "engine_step" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"store" text NOT NULL,
	"collection" text NOT NULL,
	"action" text NOT NULL,
	"link" text NOT NULL,
	"status" text NOT NULL,
	"found" bigint NOT NULL,
	"done" bigint NOT NULL,
	"kept" bigint NOT NULL,
	"skipped" bigint NOT NULL,
	"keys_digest" text NOT NULL,
	"ground" text,
	"last_error" text,
	"tried_at" timestamp (3) with time zone
);

CREATE TABLE "engine_batch" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"step_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"status" text NOT NULL,
	"items" text NOT NULL,
	"rows" bigint NOT NULL,
	"done" bigint NOT NULL,
	"skipped" bigint NOT NULL,
	"digest" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "suppression" (
	"hash" text PRIMARY KEY NOT NULL,
	"list" text NOT NULL,
	"kind" text NOT NULL,
	"origin" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);

CREATE UNIQUE INDEX "job_key" ON "job" USING btree ("name","key");
CREATE INDEX "job_due" ON "job" USING btree ("status","run_after");
CREATE INDEX "ledger_entry_subject" ON "ledger_entry" USING btree ("subject","seq");
CREATE INDEX "engine_order_status" ON "engine_order" USING btree ("status","kind");
CREATE UNIQUE INDEX "engine_order_origin" ON "engine_order" USING btree ("origin");
CREATE UNIQUE INDEX "engine_step_seq" ON "engine_step" USING btree ("order_id","seq");
CREATE UNIQUE INDEX "engine_batch_seq" ON "engine_batch" USING btree ("step_id","seq");
CREATE INDEX "suppression_list" ON "suppression" USING btree ("list");

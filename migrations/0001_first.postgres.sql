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
	"at" timestamp (3) with time zone,
	"actor_kind" text,
	"actor_id" text,
	"type" text,
	"subject" text,
	"body" text,
	"nth" bigint,
	"before" text,
	"leaf" text NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL
);

CREATE TABLE "ledger_subject" (
	"subject" text PRIMARY KEY NOT NULL,
	"salt" text NOT NULL,
	"entries" bigint NOT NULL,
	"last" text NOT NULL
);

CREATE TABLE "ledger_head" (
	"id" bigint PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"hash" text NOT NULL,
	"checkpoint" bigint NOT NULL,
	"seal" text NOT NULL
);

CREATE TABLE "ledger_node" (
	"level" bigint NOT NULL,
	"at" bigint NOT NULL,
	"hash" text NOT NULL
);

CREATE TABLE "ledger_checkpoint" (
	"size" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"text" text NOT NULL,
	"signature" text NOT NULL
);

CREATE TABLE "ledger_key" (
	"id" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"public_key" text NOT NULL,
	"private_key" text,
	"statement" text NOT NULL,
	"signature" text NOT NULL,
	"endorsement" text
);

CREATE TABLE "engine_order" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"origin" text NOT NULL,
	"status" text NOT NULL,
	"within" text,
	"identities" text NOT NULL,
	"proved" boolean NOT NULL,
	"change" text,
	"memory" text,
	"candidates" text,
	"others" jsonb,
	"accepted" text,
	"spool_key" text,
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
	"collection_id" text NOT NULL,
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

CREATE TABLE "engine_decision" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"collection_id" text NOT NULL,
	"row" text NOT NULL,
	"verdict" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "engine_restricted" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"collection_id" text NOT NULL,
	"row" text NOT NULL,
	"key" text NOT NULL,
	"before" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "engine_task" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"store" text NOT NULL,
	"what" jsonb NOT NULL,
	"mark" text NOT NULL,
	"done_at" timestamp (3) with time zone,
	"done_by" text,
	"note" text
);

CREATE TABLE "shared_line" (
	"hash" text PRIMARY KEY NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "suppression" (
	"hash" text PRIMARY KEY NOT NULL,
	"list" text NOT NULL,
	"kind" text NOT NULL,
	"origin" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "package" (
	"id" text PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"identity" text,
	"file" text NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"counts" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"destroyed_at" timestamp (3) with time zone
);

CREATE TABLE "officer" (
	"id" text PRIMARY KEY NOT NULL,
	"name_hash" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"password" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"disabled_at" timestamp (3) with time zone
);

CREATE TABLE "officer_session" (
	"id" text PRIMARY KEY NOT NULL,
	"officer_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);

CREATE TABLE "officer_link" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"officer_id" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);

CREATE TABLE "api_token" (
	"id" text PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"officer_id" text NOT NULL,
	"title" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);

CREATE TABLE "officer_attempt" (
	"key" text PRIMARY KEY NOT NULL,
	"tries" bigint NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "outbox_mail" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"reference" text NOT NULL,
	"content" text,
	"queued_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone,
	"failure" text,
	"rounds" bigint NOT NULL
);

CREATE TABLE "request" (
	"id" text PRIMARY KEY NOT NULL,
	"reference" text NOT NULL,
	"right" text NOT NULL,
	"regime" text NOT NULL,
	"channel" text NOT NULL,
	"language" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"order_id" text NOT NULL,
	"note" text,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_identity" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"kind" text NOT NULL,
	"identity" text NOT NULL,
	"hash" text NOT NULL,
	"seq" bigint NOT NULL
);

CREATE TABLE "request_verification" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"identity_id" text NOT NULL,
	"how" text NOT NULL,
	"note" text,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_clock" (
	"request_id" text PRIMARY KEY NOT NULL,
	"due_date" text NOT NULL,
	"hard_date" text NOT NULL,
	"target_date" text NOT NULL,
	"extension_notice_by" text,
	"extension_notice_ends" timestamp (3) with time zone,
	"overdue_at" timestamp (3) with time zone NOT NULL,
	"timezone" text NOT NULL,
	"pack_version" text NOT NULL,
	"pack_digest" text NOT NULL,
	"steps" jsonb NOT NULL,
	"waiting_for" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_message" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"letter" text NOT NULL,
	"seq" bigint NOT NULL,
	"content" text,
	"mail_id" text,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_decision" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"outcome" text NOT NULL,
	"ground" text,
	"article" text,
	"reason" text,
	"leave_out" jsonb NOT NULL,
	"plan_digest" text,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_approval" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"decision_id" text NOT NULL,
	"digest" text NOT NULL,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_void" (
	"target_id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"what" text NOT NULL,
	"why" text NOT NULL,
	"reason" text,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_extension" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"reason" text NOT NULL,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_pause" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"kind" text NOT NULL,
	"question" text NOT NULL,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_resumption" (
	"pause_id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_event" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"event" text NOT NULL,
	"plan_digest" text,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_answer" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"package_id" text,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_ending" (
	"request_id" text PRIMARY KEY NOT NULL,
	"how" text NOT NULL,
	"reason" text,
	"by_kind" text NOT NULL,
	"by_id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_challenge" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"identity_id" text NOT NULL,
	"purpose" text NOT NULL,
	"code_hash" text NOT NULL,
	"code_expires_at" timestamp (3) with time zone NOT NULL,
	"link_hash" text NOT NULL,
	"link_expires_at" timestamp (3) with time zone NOT NULL,
	"tries" bigint NOT NULL,
	"used_at" timestamp (3) with time zone,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "request_session" (
	"hash" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"scope" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "hold" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"scope" text NOT NULL,
	"reason" text NOT NULL,
	"authority" text NOT NULL,
	"hashes" jsonb NOT NULL,
	"blocks" jsonb NOT NULL,
	"start_on" text NOT NULL,
	"review_on" text NOT NULL,
	"placed_by" text NOT NULL,
	"placed_at" timestamp (3) with time zone NOT NULL,
	"lifted_by" text,
	"lifted_at" timestamp (3) with time zone,
	"lift_reason" text
);

CREATE TABLE "engine_purge" (
	"order_id" text PRIMARY KEY NOT NULL,
	"spec" jsonb NOT NULL,
	"cursor" text,
	"counts" jsonb NOT NULL,
	"batches" bigint NOT NULL,
	"first_seq" bigint,
	"last_seq" bigint,
	"odd" bigint,
	"remains" jsonb
);

CREATE TABLE "retention_approval" (
	"id" text PRIMARY KEY NOT NULL,
	"rule_id" text NOT NULL,
	"version" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "retention_run" (
	"id" text PRIMARY KEY NOT NULL,
	"rule_id" text NOT NULL,
	"version" text NOT NULL,
	"slot" timestamp (3) with time zone NOT NULL,
	"order_id" text NOT NULL,
	"status" text NOT NULL,
	"last_start" text NOT NULL,
	"rule" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"certificate" jsonb
);

CREATE TABLE "evidence_stamp" (
	"size" bigint NOT NULL,
	"authority" text NOT NULL,
	"stamped_at" timestamp (3) with time zone NOT NULL,
	"token" "bytea" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "api_idempotency" (
	"id" text PRIMARY KEY NOT NULL,
	"fingerprint" text NOT NULL,
	"status" bigint NOT NULL,
	"answer" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "erasure" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"origin" text NOT NULL,
	"approved" text,
	"identities" jsonb NOT NULL,
	"names" jsonb NOT NULL,
	"first_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "erased_rows" (
	"id" text PRIMARY KEY NOT NULL,
	"erasure_id" text NOT NULL,
	"store" text NOT NULL,
	"collection_id" text NOT NULL,
	"action" text NOT NULL,
	"vias" jsonb NOT NULL,
	"marks" jsonb NOT NULL,
	"leads" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "replay" (
	"id" text PRIMARY KEY NOT NULL,
	"store" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	"erasures" bigint NOT NULL,
	"back" bigint NOT NULL,
	"left" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone
);

CREATE TABLE "replay_order" (
	"order_id" text PRIMARY KEY NOT NULL,
	"replay_id" text NOT NULL,
	"erasure_id" text NOT NULL,
	"turns" bigint NOT NULL
);

CREATE TABLE "canary" (
	"store" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"rows" bigint NOT NULL,
	"before" timestamp (3) with time zone,
	"checked_at" timestamp (3) with time zone NOT NULL,
	"since" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "engine_other_choice" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"collection_id" text NOT NULL,
	"passage" text,
	"choice" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);

CREATE TABLE "engine_withheld" (
	"id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"step_id" text NOT NULL,
	"store" text NOT NULL,
	"collection_id" text NOT NULL,
	"row" text NOT NULL,
	"field" text NOT NULL,
	"kind" text NOT NULL,
	"by" text NOT NULL,
	"count" bigint NOT NULL
);

CREATE UNIQUE INDEX "job_key" ON "job" USING btree ("name","key");
CREATE INDEX "job_due" ON "job" USING btree ("status","run_after");
CREATE INDEX "ledger_entry_subject" ON "ledger_entry" USING btree ("subject","seq");
CREATE UNIQUE INDEX "ledger_node_place" ON "ledger_node" USING btree ("level","at");
CREATE INDEX "engine_order_status" ON "engine_order" USING btree ("status","kind");
CREATE UNIQUE INDEX "engine_order_origin" ON "engine_order" USING btree ("origin");
CREATE UNIQUE INDEX "engine_step_seq" ON "engine_step" USING btree ("order_id","seq");
CREATE UNIQUE INDEX "engine_batch_seq" ON "engine_batch" USING btree ("step_id","seq");
CREATE UNIQUE INDEX "engine_decision_row" ON "engine_decision" USING btree ("order_id","row");
CREATE UNIQUE INDEX "engine_restricted_row" ON "engine_restricted" USING btree ("order_id","row");
CREATE UNIQUE INDEX "engine_task_mark" ON "engine_task" USING btree ("order_id","mark");
CREATE INDEX "suppression_list" ON "suppression" USING btree ("list");
CREATE INDEX "package_reference" ON "package" USING btree ("reference");
CREATE INDEX "package_expires" ON "package" USING btree ("expires_at");
CREATE UNIQUE INDEX "officer_name" ON "officer" USING btree ("name_hash");
CREATE INDEX "officer_session_officer" ON "officer_session" USING btree ("officer_id");
CREATE UNIQUE INDEX "api_token_hash" ON "api_token" USING btree ("hash");
CREATE UNIQUE INDEX "outbox_mail_key" ON "outbox_mail" USING btree ("key");
CREATE INDEX "outbox_mail_reference" ON "outbox_mail" USING btree ("reference");
CREATE UNIQUE INDEX "request_reference" ON "request" USING btree ("reference");
CREATE INDEX "request_received" ON "request" USING btree ("received_at");
CREATE UNIQUE INDEX "request_identity_hash" ON "request_identity" USING btree ("request_id","hash");
CREATE INDEX "request_identity_search" ON "request_identity" USING btree ("hash");
CREATE UNIQUE INDEX "request_verification_identity" ON "request_verification" USING btree ("identity_id");
CREATE INDEX "request_clock_due" ON "request_clock" USING btree ("overdue_at");
CREATE INDEX "request_message_of" ON "request_message" USING btree ("request_id");
CREATE UNIQUE INDEX "request_decision_seq" ON "request_decision" USING btree ("request_id","seq");
CREATE INDEX "request_approval_of" ON "request_approval" USING btree ("request_id");
CREATE INDEX "request_void_of" ON "request_void" USING btree ("request_id");
CREATE UNIQUE INDEX "request_extension_once" ON "request_extension" USING btree ("request_id");
CREATE INDEX "request_pause_of" ON "request_pause" USING btree ("request_id");
CREATE INDEX "request_resumption_of" ON "request_resumption" USING btree ("request_id");
CREATE UNIQUE INDEX "request_event_seq" ON "request_event" USING btree ("request_id","seq");
CREATE UNIQUE INDEX "request_answer_once" ON "request_answer" USING btree ("request_id");
CREATE UNIQUE INDEX "request_challenge_link" ON "request_challenge" USING btree ("link_hash");
CREATE INDEX "request_challenge_of" ON "request_challenge" USING btree ("request_id");
CREATE INDEX "request_session_of" ON "request_session" USING btree ("request_id");
CREATE INDEX "hold_lifted" ON "hold" USING btree ("lifted_at");
CREATE UNIQUE INDEX "retention_approval_version" ON "retention_approval" USING btree ("rule_id","version");
CREATE UNIQUE INDEX "retention_run_slot" ON "retention_run" USING btree ("rule_id","slot");
CREATE UNIQUE INDEX "retention_run_order" ON "retention_run" USING btree ("order_id");
CREATE INDEX "retention_run_started" ON "retention_run" USING btree ("started_at");
CREATE UNIQUE INDEX "evidence_stamp_once" ON "evidence_stamp" USING btree ("size","authority");
CREATE INDEX "api_idempotency_expires" ON "api_idempotency" USING btree ("expires_at");
CREATE INDEX "erasure_last" ON "erasure" USING btree ("last_at");
CREATE INDEX "erased_rows_erasure" ON "erased_rows" USING btree ("erasure_id");
CREATE INDEX "erased_rows_store" ON "erased_rows" USING btree ("store");
CREATE INDEX "replay_store" ON "replay" USING btree ("store","status");
CREATE INDEX "replay_order_replay" ON "replay_order" USING btree ("replay_id");
CREATE INDEX "engine_other_choice_order" ON "engine_other_choice" USING btree ("order_id","collection_id");
CREATE INDEX "engine_withheld_step" ON "engine_withheld" USING btree ("order_id","step_id");

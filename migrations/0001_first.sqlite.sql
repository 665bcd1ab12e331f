CREATE TABLE `job` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`key` text NOT NULL,
	`input` text NOT NULL,
	`status` text NOT NULL,
	`step` integer NOT NULL,
	`cursor` text,
	`attempts` integer NOT NULL,
	`run_after` text NOT NULL,
	`lease_by` text,
	`lease_until` text,
	`last_error` text,
	`created_at` text NOT NULL,
	`finished_at` text
);

CREATE UNIQUE INDEX `job_key` ON `job` (`name`,`key`);
CREATE INDEX `job_due` ON `job` (`status`,`run_after`);
CREATE TABLE `schedule` (
	`name` text PRIMARY KEY NOT NULL,
	`cron` text NOT NULL,
	`timezone` text NOT NULL,
	`next_due_at` text NOT NULL,
	`last_slot_at` text
);

CREATE TABLE `ledger_entry` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text,
	`actor_kind` text,
	`actor_id` text,
	`type` text,
	`subject` text,
	`body` text,
	`nth` integer,
	`before` text,
	`leaf` text NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL
);

CREATE INDEX `ledger_entry_subject` ON `ledger_entry` (`subject`,`seq`);
CREATE TABLE `ledger_subject` (
	`subject` text PRIMARY KEY NOT NULL,
	`salt` text NOT NULL,
	`entries` integer NOT NULL,
	`last` text NOT NULL
);

CREATE TABLE `ledger_head` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`checkpoint` integer NOT NULL,
	`seal` text NOT NULL
);

CREATE TABLE `ledger_node` (
	`level` integer NOT NULL,
	`at` integer NOT NULL,
	`hash` text NOT NULL
);

CREATE UNIQUE INDEX `ledger_node_place` ON `ledger_node` (`level`,`at`);
CREATE TABLE `ledger_checkpoint` (
	`size` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`text` text NOT NULL,
	`signature` text NOT NULL
);

CREATE TABLE `ledger_key` (
	`id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`public_key` text NOT NULL,
	`private_key` text,
	`statement` text NOT NULL,
	`signature` text NOT NULL,
	`endorsement` text
);

CREATE TABLE `engine_order` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`origin` text NOT NULL,
	`status` text NOT NULL,
	`within` text,
	`identities` text NOT NULL,
	`proved` integer NOT NULL,
	`change` text,
	`memory` text,
	`candidates` text,
	`others` text,
	`accepted` text,
	`spool_key` text,
	`callback` text,
	`plan_digest` text,
	`approved_digest` text,
	`findings` text NOT NULL,
	`residue` text,
	`created_at` text NOT NULL,
	`finished_at` text,
	`closed_at` text
);

CREATE INDEX `engine_order_status` ON `engine_order` (`status`,`kind`);
CREATE UNIQUE INDEX `engine_order_origin` ON `engine_order` (`origin`);
CREATE TABLE `engine_step` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`seq` integer NOT NULL,
	`store` text NOT NULL,
	`collection` text NOT NULL,
	`collection_id` text NOT NULL,
	`action` text NOT NULL,
	`link` text NOT NULL,
	`status` text NOT NULL,
	`found` integer NOT NULL,
	`done` integer NOT NULL,
	`kept` integer NOT NULL,
	`skipped` integer NOT NULL,
	`keys_digest` text NOT NULL,
	`ground` text,
	`last_error` text,
	`tried_at` text
);

CREATE UNIQUE INDEX `engine_step_seq` ON `engine_step` (`order_id`,`seq`);
CREATE TABLE `engine_batch` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`step_id` text NOT NULL,
	`seq` integer NOT NULL,
	`status` text NOT NULL,
	`items` text NOT NULL,
	`rows` integer NOT NULL,
	`done` integer NOT NULL,
	`skipped` integer NOT NULL,
	`digest` text NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `engine_batch_seq` ON `engine_batch` (`step_id`,`seq`);
CREATE TABLE `engine_decision` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`collection_id` text NOT NULL,
	`row` text NOT NULL,
	`verdict` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `engine_decision_row` ON `engine_decision` (`order_id`,`row`);
CREATE TABLE `engine_restricted` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`collection_id` text NOT NULL,
	`row` text NOT NULL,
	`key` text NOT NULL,
	`before` text NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `engine_restricted_row` ON `engine_restricted` (`order_id`,`row`);
CREATE TABLE `engine_task` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`store` text NOT NULL,
	`what` text NOT NULL,
	`mark` text NOT NULL,
	`done_at` text,
	`done_by` text,
	`note` text
);

CREATE UNIQUE INDEX `engine_task_mark` ON `engine_task` (`order_id`,`mark`);
CREATE TABLE `shared_line` (
	`hash` text PRIMARY KEY NOT NULL,
	`since` text NOT NULL
);

CREATE TABLE `suppression` (
	`hash` text PRIMARY KEY NOT NULL,
	`list` text NOT NULL,
	`kind` text NOT NULL,
	`origin` text NOT NULL,
	`since` text NOT NULL
);

CREATE INDEX `suppression_list` ON `suppression` (`list`);
CREATE TABLE `package` (
	`id` text PRIMARY KEY NOT NULL,
	`reference` text NOT NULL,
	`identity` text,
	`file` text NOT NULL,
	`sha256` text NOT NULL,
	`bytes` integer NOT NULL,
	`counts` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text NOT NULL,
	`opened_at` text,
	`destroyed_at` text
);

CREATE INDEX `package_reference` ON `package` (`reference`);
CREATE INDEX `package_expires` ON `package` (`expires_at`);
CREATE TABLE `officer` (
	`id` text PRIMARY KEY NOT NULL,
	`name_hash` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`password` text,
	`created_at` text NOT NULL,
	`disabled_at` text
);

CREATE UNIQUE INDEX `officer_name` ON `officer` (`name_hash`);
CREATE TABLE `officer_session` (
	`id` text PRIMARY KEY NOT NULL,
	`officer_id` text NOT NULL,
	`created_at` text NOT NULL,
	`seen_at` text NOT NULL,
	`ended_at` text
);

CREATE INDEX `officer_session_officer` ON `officer_session` (`officer_id`);
CREATE TABLE `officer_link` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`officer_id` text,
	`expires_at` text NOT NULL,
	`used_at` text
);

CREATE TABLE `api_token` (
	`id` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`officer_id` text NOT NULL,
	`title` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text,
	`used_at` text,
	`revoked_at` text
);

CREATE UNIQUE INDEX `api_token_hash` ON `api_token` (`hash`);
CREATE TABLE `officer_attempt` (
	`key` text PRIMARY KEY NOT NULL,
	`tries` integer NOT NULL,
	`since` text NOT NULL
);

CREATE TABLE `outbox_mail` (
	`id` text PRIMARY KEY NOT NULL,
	`key` text NOT NULL,
	`reference` text NOT NULL,
	`content` text,
	`queued_at` text NOT NULL,
	`sent_at` text,
	`failed_at` text,
	`failure` text,
	`rounds` integer NOT NULL
);

CREATE UNIQUE INDEX `outbox_mail_key` ON `outbox_mail` (`key`);
CREATE INDEX `outbox_mail_reference` ON `outbox_mail` (`reference`);
CREATE TABLE `request` (
	`id` text PRIMARY KEY NOT NULL,
	`reference` text NOT NULL,
	`right` text NOT NULL,
	`regime` text NOT NULL,
	`channel` text NOT NULL,
	`language` text NOT NULL,
	`received_at` text NOT NULL,
	`order_id` text NOT NULL,
	`note` text,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `request_reference` ON `request` (`reference`);
CREATE INDEX `request_received` ON `request` (`received_at`);
CREATE TABLE `request_identity` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`kind` text NOT NULL,
	`identity` text NOT NULL,
	`hash` text NOT NULL,
	`seq` integer NOT NULL
);

CREATE UNIQUE INDEX `request_identity_hash` ON `request_identity` (`request_id`,`hash`);
CREATE INDEX `request_identity_search` ON `request_identity` (`hash`);
CREATE TABLE `request_verification` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`identity_id` text NOT NULL,
	`how` text NOT NULL,
	`note` text,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `request_verification_identity` ON `request_verification` (`identity_id`);
CREATE TABLE `request_clock` (
	`request_id` text PRIMARY KEY NOT NULL,
	`due_date` text NOT NULL,
	`hard_date` text NOT NULL,
	`target_date` text NOT NULL,
	`extension_notice_by` text,
	`extension_notice_ends` text,
	`overdue_at` text NOT NULL,
	`timezone` text NOT NULL,
	`pack_version` text NOT NULL,
	`pack_digest` text NOT NULL,
	`steps` text NOT NULL,
	`waiting_for` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `request_clock_due` ON `request_clock` (`overdue_at`);
CREATE TABLE `request_message` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`letter` text NOT NULL,
	`seq` integer NOT NULL,
	`content` text,
	`mail_id` text,
	`at` text NOT NULL
);

CREATE INDEX `request_message_of` ON `request_message` (`request_id`);
CREATE TABLE `request_decision` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`seq` integer NOT NULL,
	`outcome` text NOT NULL,
	`ground` text,
	`article` text,
	`reason` text,
	`leave_out` text NOT NULL,
	`plan_digest` text,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `request_decision_seq` ON `request_decision` (`request_id`,`seq`);
CREATE TABLE `request_approval` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`decision_id` text NOT NULL,
	`digest` text NOT NULL,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `request_approval_of` ON `request_approval` (`request_id`);
CREATE TABLE `request_void` (
	`target_id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`what` text NOT NULL,
	`why` text NOT NULL,
	`reason` text,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `request_void_of` ON `request_void` (`request_id`);
CREATE TABLE `request_extension` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`reason` text NOT NULL,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `request_extension_once` ON `request_extension` (`request_id`);
CREATE TABLE `request_pause` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`kind` text NOT NULL,
	`question` text NOT NULL,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `request_pause_of` ON `request_pause` (`request_id`);
CREATE TABLE `request_resumption` (
	`pause_id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `request_resumption_of` ON `request_resumption` (`request_id`);
CREATE TABLE `request_event` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`seq` integer NOT NULL,
	`event` text NOT NULL,
	`plan_digest` text,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `request_event_seq` ON `request_event` (`request_id`,`seq`);
CREATE TABLE `request_answer` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`package_id` text,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `request_answer_once` ON `request_answer` (`request_id`);
CREATE TABLE `request_ending` (
	`request_id` text PRIMARY KEY NOT NULL,
	`how` text NOT NULL,
	`reason` text,
	`by_kind` text NOT NULL,
	`by_id` text NOT NULL,
	`at` text NOT NULL
);

CREATE TABLE `request_challenge` (
	`id` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`identity_id` text NOT NULL,
	`purpose` text NOT NULL,
	`code_hash` text NOT NULL,
	`code_expires_at` text NOT NULL,
	`link_hash` text NOT NULL,
	`link_expires_at` text NOT NULL,
	`tries` integer NOT NULL,
	`used_at` text,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `request_challenge_link` ON `request_challenge` (`link_hash`);
CREATE INDEX `request_challenge_of` ON `request_challenge` (`request_id`);
CREATE TABLE `request_session` (
	`hash` text PRIMARY KEY NOT NULL,
	`request_id` text NOT NULL,
	`scope` text NOT NULL,
	`expires_at` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `request_session_of` ON `request_session` (`request_id`);
CREATE TABLE `hold` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`scope` text NOT NULL,
	`reason` text NOT NULL,
	`authority` text NOT NULL,
	`hashes` text NOT NULL,
	`blocks` text NOT NULL,
	`start_on` text NOT NULL,
	`review_on` text NOT NULL,
	`placed_by` text NOT NULL,
	`placed_at` text NOT NULL,
	`lifted_by` text,
	`lifted_at` text,
	`lift_reason` text
);

CREATE INDEX `hold_lifted` ON `hold` (`lifted_at`);
CREATE TABLE `engine_purge` (
	`order_id` text PRIMARY KEY NOT NULL,
	`spec` text NOT NULL,
	`cursor` text,
	`counts` text NOT NULL,
	`batches` integer NOT NULL,
	`first_seq` integer,
	`last_seq` integer,
	`odd` integer,
	`remains` text
);

CREATE TABLE `retention_approval` (
	`id` text PRIMARY KEY NOT NULL,
	`rule_id` text NOT NULL,
	`version` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `retention_approval_version` ON `retention_approval` (`rule_id`,`version`);
CREATE TABLE `retention_run` (
	`id` text PRIMARY KEY NOT NULL,
	`rule_id` text NOT NULL,
	`version` text NOT NULL,
	`slot` text NOT NULL,
	`order_id` text NOT NULL,
	`status` text NOT NULL,
	`last_start` text NOT NULL,
	`rule` text NOT NULL,
	`started_at` text NOT NULL,
	`finished_at` text,
	`certificate` text
);

CREATE UNIQUE INDEX `retention_run_slot` ON `retention_run` (`rule_id`,`slot`);
CREATE UNIQUE INDEX `retention_run_order` ON `retention_run` (`order_id`);
CREATE INDEX `retention_run_started` ON `retention_run` (`started_at`);
CREATE TABLE `evidence_stamp` (
	`size` integer NOT NULL,
	`authority` text NOT NULL,
	`stamped_at` text NOT NULL,
	`token` blob NOT NULL,
	`at` text NOT NULL
);

CREATE UNIQUE INDEX `evidence_stamp_once` ON `evidence_stamp` (`size`,`authority`);
CREATE TABLE `api_idempotency` (
	`id` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`status` integer NOT NULL,
	`answer` text NOT NULL,
	`expires_at` text NOT NULL
);

CREATE INDEX `api_idempotency_expires` ON `api_idempotency` (`expires_at`);
CREATE TABLE `erasure` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`origin` text NOT NULL,
	`approved` text,
	`identities` text NOT NULL,
	`names` text NOT NULL,
	`first_at` text NOT NULL,
	`last_at` text NOT NULL
);

CREATE INDEX `erasure_last` ON `erasure` (`last_at`);
CREATE TABLE `erased_rows` (
	`id` text PRIMARY KEY NOT NULL,
	`erasure_id` text NOT NULL,
	`store` text NOT NULL,
	`collection_id` text NOT NULL,
	`action` text NOT NULL,
	`vias` text NOT NULL,
	`marks` text NOT NULL,
	`leads` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `erased_rows_erasure` ON `erased_rows` (`erasure_id`);
CREATE INDEX `erased_rows_store` ON `erased_rows` (`store`);
CREATE TABLE `replay` (
	`id` text PRIMARY KEY NOT NULL,
	`store` text NOT NULL,
	`since` text NOT NULL,
	`status` text NOT NULL,
	`erasures` integer NOT NULL,
	`back` integer NOT NULL,
	`left` text NOT NULL,
	`started_at` text NOT NULL,
	`finished_at` text
);

CREATE INDEX `replay_store` ON `replay` (`store`,`status`);
CREATE TABLE `replay_order` (
	`order_id` text PRIMARY KEY NOT NULL,
	`replay_id` text NOT NULL,
	`erasure_id` text NOT NULL,
	`turns` integer NOT NULL
);

CREATE INDEX `replay_order_replay` ON `replay_order` (`replay_id`);
CREATE TABLE `canary` (
	`store` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`rows` integer NOT NULL,
	`before` text,
	`checked_at` text NOT NULL,
	`since` text NOT NULL
);

CREATE TABLE `engine_other_choice` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`collection_id` text NOT NULL,
	`passage` text,
	`choice` text NOT NULL,
	`by` text NOT NULL,
	`at` text NOT NULL
);

CREATE INDEX `engine_other_choice_order` ON `engine_other_choice` (`order_id`,`collection_id`);
CREATE TABLE `engine_withheld` (
	`id` text PRIMARY KEY NOT NULL,
	`order_id` text NOT NULL,
	`step_id` text NOT NULL,
	`store` text NOT NULL,
	`collection_id` text NOT NULL,
	`row` text NOT NULL,
	`field` text NOT NULL,
	`kind` text NOT NULL,
	`by` text NOT NULL,
	`count` integer NOT NULL
);

CREATE INDEX `engine_withheld_step` ON `engine_withheld` (`order_id`,`step_id`);

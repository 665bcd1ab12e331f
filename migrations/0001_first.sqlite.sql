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
	`at` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`type` text NOT NULL,
	`subject` text NOT NULL,
	`body` text NOT NULL,
	`previous` text NOT NULL,
	`hash` text NOT NULL
);

CREATE INDEX `ledger_entry_subject` ON `ledger_entry` (`subject`,`seq`);
CREATE TABLE `ledger_head` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`hash` text NOT NULL,
	`seal` text NOT NULL
);

CREATE TABLE `engine_order` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`origin` text NOT NULL,
	`status` text NOT NULL,
	`identities` text NOT NULL,
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
CREATE TABLE `suppression` (
	`hash` text PRIMARY KEY NOT NULL,
	`list` text NOT NULL,
	`kind` text NOT NULL,
	`origin` text NOT NULL,
	`since` text NOT NULL
);

CREATE INDEX `suppression_list` ON `suppression` (`list`);

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

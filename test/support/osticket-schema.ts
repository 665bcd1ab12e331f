/*
 * osTicket 1.18's tables that hold or lead to people, rewritten by hand from its published installer (GPL, so not copied): the
 * same names, types, defaults and keys, engine InnoDB, no foreign keys anywhere. Left out are tables about the desk alone
 * (departments, help topics, templates, queues' columns). The three `__cdata` tables and `_search` are made by osTicket at
 * run time, the former with one column for each question of a form.
 */
const id = 'id int(11) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY'
const number = (name: string) => `${name} int(11) unsigned NOT NULL DEFAULT 0`
const born = 'created datetime NOT NULL'
const times = `${born}, updated datetime NOT NULL`

const tables: Readonly<Record<string, string>> = {
  user: `${id}, ${number('org_id')}, default_email_id int(10) NOT NULL, ${number('status')}, name varchar(128) NOT NULL, ${times},
    KEY org_id (org_id), KEY default_email_id (default_email_id), KEY name (name)`,
  user_email: `${id}, user_id int(10) unsigned NOT NULL, ${number('flags')}, address varchar(255) NOT NULL,
    UNIQUE KEY address (address), KEY user_email_lookup (user_id)`,
  user_account: `${id}, user_id int(10) unsigned NOT NULL, ${number('status')}, timezone varchar(64), lang varchar(16),
    username varchar(64), passwd varchar(128) CHARACTER SET ascii COLLATE ascii_bin, backend varchar(32), extra text,
    registered timestamp NULL DEFAULT CURRENT_TIMESTAMP, KEY user_id (user_id), UNIQUE KEY username (username)`,
  organization: `${id}, name varchar(128) NOT NULL DEFAULT '', manager varchar(16) NOT NULL DEFAULT '', ${number('status')},
    domain varchar(256) NOT NULL DEFAULT '', extra text, created timestamp NULL, updated timestamp NULL ON UPDATE CURRENT_TIMESTAMP`,
  form: `${id}, pid int(10) unsigned, type varchar(8) NOT NULL DEFAULT 'G', flags int(10) unsigned NOT NULL DEFAULT 1,
    title varchar(255) NOT NULL, instructions varchar(512), name varchar(64) NOT NULL DEFAULT '', notes text, ${times}`,
  form_field: `${id}, form_id int(11) unsigned NOT NULL, flags int(10) unsigned DEFAULT 1, type varchar(255) NOT NULL DEFAULT 'text',
    label varchar(255) NOT NULL, name varchar(64) NOT NULL, configuration text, sort int(11) unsigned NOT NULL, hint varchar(512),
    ${times}, KEY form_id (form_id), KEY sort (sort)`,
  form_entry: `${id}, form_id int(11) unsigned NOT NULL, object_id int(11) unsigned, object_type char(1) NOT NULL DEFAULT 'T',
    sort int(11) unsigned NOT NULL DEFAULT 1, extra text, ${times}, KEY entry_lookup (object_type, object_id)`,
  form_entry_values: `entry_id int(11) unsigned NOT NULL, field_id int(11) unsigned NOT NULL, value text, value_id int(11),
    PRIMARY KEY (entry_id, field_id)`,
  ticket: `ticket_id int(11) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ticket_pid int(11) unsigned, number varchar(20),
    ${['user_id', 'user_email_id', 'status_id', 'dept_id', 'sla_id', 'topic_id', 'staff_id', 'team_id', 'email_id', 'lock_id', 'flags', 'sort'].map(number).join(', ')},
    ip_address varchar(64) NOT NULL DEFAULT '', source enum('Web','Email','Phone','API','Other') NOT NULL DEFAULT 'Other',
    source_extra varchar(40), isoverdue tinyint(1) unsigned NOT NULL DEFAULT 0, isanswered tinyint(1) unsigned NOT NULL DEFAULT 0,
    duedate datetime, est_duedate datetime, reopened datetime, closed datetime, lastupdate datetime, ${times},
    KEY user_id (user_id), KEY dept_id (dept_id), KEY created (created)`,
  task: `${id}, object_id int(11) NOT NULL DEFAULT 0, object_type char(1) NOT NULL, number varchar(20),
    ${['dept_id', 'staff_id', 'team_id', 'lock_id', 'flags'].map(number).join(', ')}, duedate datetime, closed datetime, ${times},
    KEY object (object_id, object_type)`,
  thread: `${id}, object_id int(11) unsigned NOT NULL, object_type char(1) NOT NULL, extra text, lastresponse datetime,
    lastmessage datetime, ${born}, KEY object_id (object_id), KEY object_type (object_type)`,
  thread_entry: `${id}, ${['pid', 'thread_id', 'staff_id', 'user_id'].map(number).join(', ')}, type char(1) NOT NULL DEFAULT '',
    ${number('flags')}, poster varchar(128) NOT NULL DEFAULT '', editor int(10) unsigned, editor_type char(1),
    source varchar(32) NOT NULL DEFAULT '', title varchar(255), body mediumtext NOT NULL, format varchar(16) NOT NULL DEFAULT 'html',
    ip_address varchar(64) NOT NULL DEFAULT '', extra text, recipients text, ${times},
    KEY pid (pid), KEY thread_id (thread_id), KEY staff_id (staff_id), KEY type (type)`,
  thread_entry_email: `${id}, thread_entry_id int(11) unsigned NOT NULL, email_id int(11) unsigned, \`mid\` varchar(255) NOT NULL,
    headers text, KEY thread_entry_id (thread_entry_id), KEY by_mid (\`mid\`), KEY email_id (email_id)`,
  thread_entry_merge: `${id}, thread_entry_id int(11) unsigned NOT NULL, data text, KEY thread_entry_id (thread_entry_id)`,
  thread_collaborator: `${id}, flags int(10) unsigned NOT NULL DEFAULT 1, ${number('thread_id')}, ${number('user_id')},
    role char(1) NOT NULL DEFAULT 'M', ${times}, UNIQUE KEY collab (thread_id, user_id), KEY user_id (user_id)`,
  event: `id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(60) NOT NULL, description varchar(60), UNIQUE KEY name (name)`,
  thread_event: `id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ${number('thread_id')}, thread_type char(1) NOT NULL DEFAULT '',
    event_id int(11) unsigned, ${['staff_id', 'team_id', 'dept_id', 'topic_id'].map((name) => `${name} int(11) unsigned NOT NULL`).join(', ')},
    data varchar(1024) COMMENT 'Encoded differences', username varchar(128) NOT NULL DEFAULT 'SYSTEM', uid int(11) unsigned,
    uid_type char(1) NOT NULL DEFAULT 'S', annulled tinyint(1) unsigned NOT NULL DEFAULT 0, timestamp datetime NOT NULL,
    KEY ticket_state (thread_id, event_id, timestamp), KEY ticket_stats (timestamp, event_id)`,
  attachment: `id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, object_id int(11) unsigned NOT NULL, type char(1) NOT NULL,
    file_id int(11) unsigned NOT NULL, name varchar(255), inline tinyint(1) unsigned NOT NULL DEFAULT 0, lang varchar(16),
    UNIQUE KEY \`file-type\` (object_id, file_id, type), UNIQUE KEY file_object (file_id, object_id)`,
  file: `id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY, ft char(1) NOT NULL DEFAULT 'T', bk char(1) NOT NULL DEFAULT 'D',
    type varchar(255) CHARACTER SET ascii NOT NULL DEFAULT '', size bigint(20) unsigned NOT NULL DEFAULT 0,
    \`key\` varchar(86) CHARACTER SET ascii NOT NULL, signature varchar(86) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name varchar(255) NOT NULL DEFAULT '', attrs varchar(255), ${born}, KEY ft (ft), KEY \`key\` (\`key\`), KEY signature (signature)`,
  file_chunk: `file_id int(11) NOT NULL, chunk_id int(11) NOT NULL, filedata longblob NOT NULL, PRIMARY KEY (file_id, chunk_id)`,
  _search: `object_type varchar(8) NOT NULL, object_id int(11) unsigned NOT NULL, title text, content text,
    PRIMARY KEY (object_type, object_id), FULLTEXT KEY search (title, content)`,
  note: `${id}, pid int(11) unsigned, ${number('staff_id')}, ext_id varchar(10), body text, ${number('status')}, ${number('sort')},
    created timestamp NOT NULL DEFAULT '0000-00-00 00:00:00', updated timestamp NOT NULL DEFAULT '0000-00-00 00:00:00' ON UPDATE CURRENT_TIMESTAMP,
    KEY ext_id (ext_id)`,
  draft: `${id}, staff_id int(11) unsigned NOT NULL, namespace varchar(32) NOT NULL DEFAULT '', body text NOT NULL, extra text,
    created timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, updated timestamp NULL, KEY staff_id (staff_id), KEY namespace (namespace)`,
  config: `${id}, namespace varchar(64) NOT NULL, \`key\` varchar(64) NOT NULL, value text NOT NULL,
    updated timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, UNIQUE KEY namespace (namespace, \`key\`)`,
  session: `session_id varchar(255) CHARACTER SET ascii NOT NULL DEFAULT '' PRIMARY KEY, session_data blob, session_expire datetime,
    session_updated datetime, user_id varchar(16) NOT NULL DEFAULT '0' COMMENT 'osTicket staff/client ID', user_ip varchar(64) NOT NULL,
    user_agent varchar(255) NOT NULL, KEY updated (session_updated), KEY user_id (user_id)`,
  syslog: `log_id int(11) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, log_type enum('Debug','Warning','Error') NOT NULL,
    title varchar(255) NOT NULL, log text NOT NULL, logger varchar(64) NOT NULL, ip_address varchar(64) NOT NULL, ${times}, KEY log_type (log_type)`,
  filter: `${id}, execorder int(10) unsigned NOT NULL DEFAULT 99, isactive tinyint(1) unsigned NOT NULL DEFAULT 1, ${number('flags')},
    ${number('status')}, match_all_rules tinyint(1) unsigned NOT NULL DEFAULT 0, stop_onmatch tinyint(1) unsigned NOT NULL DEFAULT 0,
    target enum('Any','Web','Email','API') NOT NULL DEFAULT 'Any', ${number('email_id')}, name varchar(32) NOT NULL DEFAULT '', notes text, ${times}`,
  filter_rule: `${id}, ${number('filter_id')}, what varchar(32) NOT NULL,
    how enum('equal','not_equal','contains','dn_contain','starts','ends','match','not_match') NOT NULL, val varchar(255) NOT NULL,
    isactive tinyint(1) unsigned NOT NULL DEFAULT 1, notes tinytext NOT NULL, ${times}, UNIQUE KEY filter (filter_id, what, how, val)`,
  queue: `${id}, ${number('parent_id')}, columns_id int(11) unsigned, sort_id int(11) unsigned, ${number('flags')}, ${number('staff_id')},
    ${number('sort')}, title varchar(60), config text, filter varchar(64), root varchar(32), path varchar(80) NOT NULL DEFAULT '/', ${times}`,
  staff: `staff_id int(11) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, ${number('dept_id')}, ${number('role_id')},
    username varchar(32) NOT NULL DEFAULT '', firstname varchar(32), lastname varchar(32), passwd varchar(128), email varchar(255),
    phone varchar(24) NOT NULL DEFAULT '', mobile varchar(24) NOT NULL DEFAULT '', signature text NOT NULL, ${times}, UNIQUE KEY username (username)`,
  user__cdata:
    'user_id int(11) unsigned NOT NULL PRIMARY KEY, email mediumtext, name mediumtext, phone mediumtext, notes mediumtext, vip mediumtext',
  ticket__cdata:
    'ticket_id int(11) unsigned NOT NULL PRIMARY KEY, subject mediumtext, priority mediumtext, callback mediumtext',
  task__cdata: 'task_id int(11) unsigned NOT NULL PRIMARY KEY, title mediumtext, description mediumtext',
  organization__cdata:
    'org_id int(11) unsigned NOT NULL PRIMARY KEY, name mediumtext, address mediumtext, phone mediumtext, website mediumtext, notes mediumtext',
}

export const osTicketSchema = Object.entries(tables)
  .map(([name, body]) => `CREATE TABLE ost_${name} (${body}) ENGINE=InnoDB DEFAULT CHARSET=utf8;`)
  .join('\n')

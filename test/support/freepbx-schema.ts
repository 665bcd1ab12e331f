/*
 * The call records of FreePBX 16 (asteriskcdrdb), rewritten by hand from what its modules make: cdr from framework's SQL with the
 * columns that the cdr module adds, cel from the cel module, transient_cdr and its trigger as the cdr module sets them up; queue_log
 * and voicemail_messages as Asterisk's contributed scripts have them. The modules are GPL, so none of it is copied.
 */
const text = (name: string, length = 80) => `${name} varchar(${length}) NOT NULL DEFAULT ''`

/** In the order of the table, which the trigger repeats. */
const cdr: readonly (readonly [name: string, type: string])[] = [
  ['calldate', "datetime NOT NULL DEFAULT '0000-00-00 00:00:00'"],
  ...['clid', 'src', 'dst', 'dcontext', 'channel', 'dstchannel', 'lastapp', 'lastdata'].map(textOf(80)),
  ...['duration', 'billsec'].map(numberOf),
  ...['disposition'].map(textOf(45)),
  ...['amaflags'].map(numberOf),
  ...['accountcode'].map(textOf(20)),
  ...['uniqueid'].map(textOf(32)),
  ...['userfield'].map(textOf(255)),
  ...['did'].map(textOf(50)),
  ...['recordingfile'].map(textOf(255)),
  ...['cnum', 'cnam', 'outbound_cnum', 'outbound_cnam', 'dst_cnam'].map(textOf(80)),
  ...['linkedid'].map(textOf(32)),
  ...['peeraccount'].map(textOf(80)),
  ...['sequence'].map(numberOf),
]
function textOf(length: number) {
  return (name: string) => [name, `varchar(${length}) NOT NULL DEFAULT ''`] as const
}
function numberOf(name: string) {
  return [name, 'int(11) NOT NULL DEFAULT 0'] as const
}
export const cdrColumns = cdr.map(([name]) => name)

const keys = (...names: string[]) => names.map((name) => `KEY \`${name}\` (${name})`).join(', ')
const cel = [
  'cid_name',
  'cid_num',
  'cid_ani',
  'cid_rdnis',
  'cid_dnid',
  'exten',
  'context',
  'channame',
  'appname',
]

export const freepbxSchema = `
CREATE TABLE cdr (${cdr.map(([name, type]) => `${name} ${type}`).join(', ')},
  ${keys('calldate', 'dst', 'accountcode', 'uniqueid', 'did')}) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE transient_cdr ENGINE=MyISAM SELECT * FROM cdr LIMIT 0;
ALTER TABLE transient_cdr ${['calldate', 'dst', 'uniqueid', 'did', 'linkedid', 'src', 'channel', 'dstchannel', 'cnum'].map((name) => `ADD INDEX ${name} (${name})`).join(', ')};
CREATE TRIGGER cdrTrigger AFTER INSERT ON cdr FOR EACH ROW
  INSERT INTO transient_cdr (${cdrColumns.join(', ')}) VALUES (${cdrColumns.map((name) => `new.${name}`).join(', ')});
CREATE TABLE cel (id int(11) NOT NULL AUTO_INCREMENT PRIMARY KEY, eventtype varchar(30) NOT NULL, eventtime datetime NOT NULL,
  ${cel.map((name) => `${name} varchar(80) NOT NULL`).join(', ')}, appdata varchar(255) NOT NULL, amaflags int(11) NOT NULL,
  accountcode varchar(20) NOT NULL, uniqueid varchar(32) NOT NULL, linkedid varchar(32) NOT NULL, peer varchar(80) NOT NULL,
  userdeftype varchar(255) NOT NULL, extra varchar(512) NOT NULL,
  KEY uniqueid_index (uniqueid), KEY linkedid_index (linkedid), KEY context_index (context)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE queue_log (id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, time char(26), ${text('callid', 32)}, ${text('queuename', 32)},
  ${text('agent', 32)}, ${text('event', 32)}, ${[1, 2, 3, 4, 5].map((n) => text(`data${n}`, 100)).join(', ')}) ENGINE=InnoDB DEFAULT CHARSET=utf8;
CREATE TABLE voicemail_messages (dir varchar(255) NOT NULL, msgnum int(11) NOT NULL, context varchar(80), macrocontext varchar(80),
  callerid varchar(80), origtime int(11), duration int(11), recording longblob, flag varchar(30), category varchar(30),
  mailboxuser varchar(30), mailboxcontext varchar(30), msg_id varchar(40), PRIMARY KEY (dir, msgnum)) ENGINE=InnoDB DEFAULT CHARSET=utf8;
`

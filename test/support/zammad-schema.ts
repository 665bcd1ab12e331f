/*
 * Zammad 5 on PostgreSQL: a faithful rewrite, made from its published migrations (create_base, create_ticket, as of December 2021, and
 * the one that adds pgp_keys), of every table that can hold something about a customer, with names, types, lengths, NOT NULL, unique
 * indexes and foreign keys. Zammad is AGPL and in no registry that a test may ask, so its own files are not here. Left out: indexes
 * that only make things faster, and tables about nobody (translations, calendars, triggers, macros, overviews, templates, channels …).
 *
 * One word is one column: `name:type`, `!` NOT NULL, `=x` its default, `>table` a foreign key to its id (without any action, as all of
 * Zammad's). s: varchar, t: text, i: integer, L: bigint, b: boolean, d: timestamp(3), D: date, y: bytea, n: decimal.
 */
const by = 'updated_by_id:i!>users created_by_id:i!>users'
const at = 'created_at:d! updated_at:d!'
const named = `name:s250! ${at}`
const noted = `name:s250! note:s250 ${by} ${at}`

const tables: Readonly<Record<string, string>> = {
  sessions: `session_id:s255! persistent:b data:t ${at}`,
  organizations: `name:s100! shared:b!=true domain:s250='' domain_assignment:b!=false active:b!=true note:s5000='' updated_by_id:i!
    created_by_id:i! ${at}`,
  users: `organization_id:i>organizations login:s255! firstname:s100='' lastname:s100='' email:s255='' image:s100 image_source:s200
    web:s100='' password:s100 phone:s100='' fax:s100='' mobile:s100='' department:s200='' street:s120='' zip:s100='' city:s100=''
    country:s100='' address:s500='' vip:b=false verified:b!=false active:b!=true note:s5000='' last_login:d source:s200
    login_failed:i!=0 out_of_office:b!=false out_of_office_start_at:D out_of_office_end_at:D out_of_office_replacement_id:i>users
    preferences:s8000 ${by} ${at}`,
  signatures: `name:s100! body:t active:b!=true note:s250 ${by} ${at}`,
  email_addresses: `channel_id:i realname:s250! email:s250! active:b!=true note:s250 preferences:s2000 ${by} ${at}`,
  groups: `signature_id:i>signatures email_address_id:i>email_addresses name:s160! assignment_timeout:i
    follow_up_possible:s100!='yes' follow_up_assignment:b!=true active:b!=true note:s250 ${by} ${at}`,
  roles: `name:s100! preferences:t default_at_signup:b=false active:b!=true note:s250 ${by} ${at}`,
  roles_users: '- user_id:i>users role_id:i>roles',
  groups_users: `- user_id:i!>users group_id:i!>groups access:s50!='full'`,
  organizations_users: '- user_id:i>users organization_id:i>organizations',
  authorizations: `provider:s250! uid:s250! token:s2500 secret:s250 username:s250 user_id:i!>users ${at}`,
  object_lookups: named,
  type_lookups: named,
  tokens: `user_id:i!>users persistent:b name:s100! action:s40! label:s255 preferences:t last_used_at:d expires_at:D ${at}`,
  taskbars: `user_id:i!>users last_contact:d! client_id:s255! key:s100! callback:s100! state:t preferences:t params:s2000 prio:i!
    notify:b!=false active:b!=false ${at}`,
  tag_objects: named,
  tag_items: `name:s250! name_downcase:s250! ${at}`,
  tags: `tag_item_id:i!>tag_items tag_object_id:i!>tag_objects o_id:i! created_by_id:i!>users ${at}`,
  recent_views: `recent_view_object_id:i!>object_lookups o_id:i! created_by_id:i!>users ${at}`,
  activity_streams: `activity_stream_type_id:i!>type_lookups activity_stream_object_id:i!>object_lookups permission_id:i
    group_id:i>groups o_id:i! created_by_id:i!>users ${at}`,
  history_types: named,
  history_objects: `name:s250! note:s250 ${at}`,
  history_attributes: named,
  histories: `history_type_id:i!>history_types history_object_id:i!>history_objects history_attribute_id:i>history_attributes o_id:i!
    related_o_id:i related_history_object_id:i id_to:i id_from:i value_from:s500 value_to:s500 created_by_id:i!>users ${at}`,
  settings: `title:s200! name:s200! area:s100! description:s2000! options:t state_current:t state_initial:s2000 frontend:b!
    preferences:t ${at}`,
  store_objects: `name:s250! note:s250 ${at}`,
  store_files: `sha:s128! provider:s20 ${at}`,
  stores: `store_object_id:i!>store_objects store_file_id:i!>store_files o_id:L! preferences:s2500 size:s50 filename:s250!
    created_by_id:i!>users ${at}`,
  store_provider_dbs: `sha:s128! data:y ${at}`,
  avatars: `o_id:i! object_lookup_id:i! default:b!=false deletable:b!=true initial:b!=false store_full_id:i store_resize_id:i
    store_hash:s32 source:s100! source_url:s512 ${by} ${at}`,
  online_notifications: `o_id:i! object_lookup_id:i! type_lookup_id:i! user_id:i!>users seen:b!=false ${by} ${at}`,
  user_devices: `user_id:i!>users name:s250! os:s150 browser:s250 location:s150 device_details:s2500 location_details:s2500
    fingerprint:s160 user_agent:s250 ip:s160 ${at}`,
  delayed_jobs: `priority:i=0 attempts:i=0 handler:t last_error:t run_at:d locked_at:d failed_at:d locked_by:s255 queue:s255 ${at}`,
  external_syncs: `source:s100! source_id:s200! object:s100! o_id:i! last_payload:t ${at}`,
  import_jobs: `name:s250! dry_run:b=false payload:t result:t started_at:d finished_at:d ${at}`,
  cti_logs: `direction:s20! state:s20! from:s100! from_comment:s250 to:s100! to_comment:s250 queue:s250 call_id:s250! comment:s500
    initialized_at:d start_at:d end_at:d duration_waiting_time:i duration_talking_time:i done:b!=true preferences:t ${at}`,
  cti_caller_ids: `caller_id:s100! comment:s500 level:s100! object:s100! o_id:i! user_id:i>users preferences:t ${at}`,
  stats_stores: `stats_storable_type:s255 stats_storable_id:i key:s250 data:s5000 created_by_id:i!>users ${at}`,
  http_logs: `direction:s20! facility:s100! method:s100! url:s255! status:s20 ip:s50 request:s10000! response:s10000!
    updated_by_id:i>users created_by_id:i>users ${at}`,
  smime_certificates: `subject:s500! doc_hash:s250! fingerprint:s250! modulus:s1024! not_before_at:d not_after_at:d raw:y!
    private_key:y private_key_secret:s500 ${at}`,
  pgp_keys: `fingerprint:s40! key:t! expires_at:d uids:s3000! secret:b!=false passphrase:s500 domain_alias:s255='' ${by} ${at}`,
  data_privacy_tasks: `state:s150='in_process' deletable_type:s255 deletable_id:i preferences:t updated_by_id:i! created_by_id:i! ${at}`,
  mentions: `mentionable_type:s255! mentionable_id:i! user_id:i!>users ${by} ${at}`,
  ticket_states: `state_type_id:i! name:s250! next_state_id:i ignore_escalation:b!=false active:b!=true note:s250 ${by} ${at}`,
  ticket_priorities: `name:s250! default_create:b!=false note:s250 active:b!=true ${by} ${at}`,
  tickets: `group_id:i!>groups priority_id:i!>ticket_priorities state_id:i!>ticket_states organization_id:i>organizations number:s60!
    title:s250! owner_id:i!>users customer_id:i!>users note:s250 first_response_at:d first_response_escalation_at:d
    first_response_in_min:i first_response_diff_in_min:i close_at:d close_escalation_at:d close_in_min:i close_diff_in_min:i
    update_escalation_at:d update_in_min:i update_diff_in_min:i last_close_at:d last_contact_at:d last_contact_agent_at:d
    last_contact_customer_at:d last_owner_update_at:d create_article_type_id:i create_article_sender_id:i article_count:i
    escalation_at:d pending_time:d type:s100 time_unit:n preferences:t ${by} ${at}`,
  ticket_article_types: `name:s250! note:s250 communication:b!=false active:b!=true ${by} ${at}`,
  ticket_article_senders: noted,
  ticket_articles: `ticket_id:i!>tickets type_id:i!>ticket_article_types sender_id:i!>ticket_article_senders from:s3000 to:s3000
    cc:s3000 subject:s3000 reply_to:s300 message_id:s3000 message_id_md5:s32 in_reply_to:s3000 content_type:s20!='text/plain' body:t!
    internal:b!=false preferences:t ${by} origin_by_id:i>users ${at}`,
  ticket_article_flags: `ticket_article_id:i!>ticket_articles key:s50! value:s50 created_by_id:i!>users ${at}`,
  ticket_time_accountings: `ticket_id:i!>tickets ticket_article_id:i>ticket_articles time_unit:n! created_by_id:i!>users ${at}`,
  link_types: `name:s250! note:s250 active:b!=true ${at}`,
  links: `link_type_id:i!>link_types link_object_source_id:i! link_object_source_value:i! link_object_target_id:i!
    link_object_target_value:i! ${at}`,
  chats: `name:s250 max_queue:i!=5 note:s250 active:b!=true public:b!=false block_ip:s5000 block_country:s5000 allowed_websites:s5000
    preferences:s5000 ${by} ${at}`,
  chat_sessions: `chat_id:i!>chats session_id:s255! name:s250 state:s50!='waiting' user_id:i>users preferences:t updated_by_id:i>users
    created_by_id:i>users ${at}`,
  chat_messages: `chat_session_id:i!>chat_sessions content:t! created_by_id:i>users ${at}`,
}

const unique: readonly (readonly [string, string])[] = [
  ...[
    'roles',
    'groups',
    'organizations',
    'signatures',
    'object_lookups',
    'type_lookups',
    'history_types',
  ].map((t) => [t, 'name'] as const),
  ...[
    'history_objects',
    'history_attributes',
    'store_objects',
    'tag_objects',
    'settings',
    'chats',
    'link_types',
  ].map((t) => [t, 'name'] as const),
  ...['ticket_states', 'ticket_priorities', 'ticket_article_types', 'ticket_article_senders'].map(
    (t) => [t, 'name'] as const,
  ),
  ['users', 'login'],
  ['email_addresses', 'email'],
  ['authorizations', 'uid, provider'],
  ['tokens', 'name, action'],
  ['store_files', 'sha'],
  ['store_provider_dbs', 'sha'],
  ['external_syncs', 'source, source_id'],
  ['cti_logs', 'call_id'],
  ['smime_certificates', 'fingerprint'],
  ['pgp_keys', 'fingerprint'],
  ['mentions', 'mentionable_id, mentionable_type, user_id'],
  ['tickets', 'number'],
  [
    'links',
    'link_object_source_id, link_object_source_value, link_object_target_id, link_object_target_value, link_type_id',
  ],
]

const types: Readonly<Record<string, string>> = {
  t: 'text',
  i: 'integer',
  L: 'bigint',
  b: 'boolean',
  d: 'timestamp(3) without time zone',
  D: 'date',
  y: 'bytea',
  n: 'decimal(6,2)',
}

function columnSql(word: string): string {
  const [, name, type, size, not, initial, target] =
    /^(\w+):([a-zA-Z])(\d*)(!?)(?:=('[^']*'|\w+))?(?:>(\w+))?$/.exec(word) ?? []
  const sqlType = type === 's' ? `varchar(${size})` : types[type ?? '']
  if (sqlType === undefined) throw new Error(`${word} is no column`)
  return `"${name}" ${sqlType}${not ? ' NOT NULL' : ''}${initial ? ` DEFAULT ${initial}` : ''}${target ? ` REFERENCES ${target}(id)` : ''}`
}

/** The columns of a table that takes them from an application: all but its number. */
export const columnsOf = (table: string): string[] =>
  (tables[table] ?? '')
    .split(/\s+/)
    .filter((word) => word.includes(':'))
    .map((word) => word.split(':')[0] as string)

/** Statements that make the empty database. */
export const zammadSchema = [
  ...Object.entries(tables).map(([name, text]) => {
    const words = text.split(/\s+/).filter((word) => word !== '-')
    const id = text.startsWith('-') ? [] : ['id serial PRIMARY KEY']
    return `CREATE TABLE ${name} (${[...id, ...words.map(columnSql)].join(', ')})`
  }),
  ...unique.map(([table, columns]) => `CREATE UNIQUE INDEX ON ${table} (${columns})`),
].join(';\n')

/*
 * Mautic 5's tables that hold or lead to contacts, rewritten by hand from its published entity mappings (GPL, so not copied): the
 * same names, types and keys, the same foreign keys to contacts and addresses with what a delete does to them, the generated column of
 * `leads`. Left out are other indexes, foreign keys among tables of the installation itself, and tables about nobody (pages, assets,
 * themes, settings). Contact fields are columns that Mautic makes at install and later; two here are an installation's own. `form_results_…` is
 * made by Mautic for each form.
 */
const id = 'id int(10) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY'
const bigId = 'id bigint(20) unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY'
const list =
  (...names: string[]) =>
  (type: string) =>
    names.map((name) => `\`${name}\` ${type}`).join(', ')
const texts = (...names: string[]) => list(...names)('varchar(191) DEFAULT NULL')
const ints = (...names: string[]) => list(...names)('int(11) DEFAULT NULL')
const flags = (...names: string[]) => list(...names)('tinyint(1) NOT NULL DEFAULT 0')
const times = (...names: string[]) => list(...names)('datetime DEFAULT NULL')
/** Doctrine's `array`, which is PHP's serialize(), and `text`. */
const longs = (...names: string[]) => list(...names)('longtext DEFAULT NULL')
const added = 'date_added datetime NOT NULL'
const edited = `is_published tinyint(1) NOT NULL DEFAULT 1, ${times('date_added', 'date_modified', 'checked_out')},
  ${ints('created_by', 'modified_by', 'checked_out_by')}, ${texts('created_by_user', 'modified_by_user', 'checked_out_by_user')}`

const dies = (column = 'lead_id') =>
  `${column} bigint(20) unsigned NOT NULL, FOREIGN KEY (${column}) REFERENCES leads (id) ON DELETE CASCADE`
const mayDie = `lead_id bigint(20) unsigned DEFAULT NULL, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE CASCADE`
const stays = `lead_id bigint(20) unsigned DEFAULT NULL, FOREIGN KEY (lead_id) REFERENCES leads (id) ON DELETE SET NULL`
const to = (column: string, table: string, action = '', isNull = true, type = 'int(10)') =>
  `${column} ${type} unsigned ${isNull ? 'DEFAULT' : 'NOT'} NULL, FOREIGN KEY (${column}) REFERENCES ${table} (id)${action && ` ON DELETE ${action}`}`
const ip = to('ip_id', 'ip_addresses')
const mustIp = to('ip_id', 'ip_addresses', '', false)

const visit = `${texts('country', 'region', 'city', 'isp', 'organization', 'remote_host', 'page_language')}, code int(11) NOT NULL DEFAULT 200,
  ${longs('referer', 'url', 'user_agent', 'browser_languages', 'query')}, date_hit datetime NOT NULL, ${times('date_left')}`
const source = `${texts('source')}, ${ints('source_id')}`
const utm = texts('utm_campaign', 'utm_content', 'utm_medium', 'utm_source', 'utm_term')

const tables: Readonly<Record<string, string>> = {
  users: `${id}, ${edited}, ${to('role_id', 'roles')}, username varchar(191) NOT NULL, password varchar(64) NOT NULL,
    first_name varchar(191) NOT NULL, last_name varchar(191) NOT NULL, email varchar(191) NOT NULL, ${texts('position', 'timezone', 'locale')},
    ${times('last_login', 'last_active')}, ${longs('preferences', 'signature')}, UNIQUE KEY (username), UNIQUE KEY (email)`,
  stages: `${id}, ${edited}, name varchar(191) NOT NULL, description longtext, weight int(11) NOT NULL DEFAULT 0`,
  leads: `${bigId}, ${edited}, ${to('owner_id', 'users', 'SET NULL')}, ${to('stage_id', 'stages', 'SET NULL')}, points int(11) NOT NULL DEFAULT 0,
    ${times('last_active', 'date_identified')}, ${longs('internal', 'social_cache')}, ${texts('preferred_profile_image')},
    ${texts('title', 'firstname', 'lastname', 'company', 'position', 'email', 'phone', 'mobile', 'fax', 'address1', 'address2', 'city', 'state')},
    ${texts('zipcode', 'timezone', 'country', 'preferred_locale', 'website', 'facebook', 'foursquare', 'instagram', 'linkedin', 'skype', 'twitter')},
    attribution_date datetime DEFAULT NULL, attribution double DEFAULT NULL, ${texts('favourite_tea')}, ${longs('household')},
    generated_email_domain varchar(255) AS (SUBSTRING(email, LOCATE("@", email) + 1)) COMMENT '(DC2Type:generated)',
    KEY email_search (email), KEY (generated_email_domain, email)`,
  companies: `${id}, ${edited}, ${to('owner_id', 'users', 'SET NULL')}, ${longs('social_cache')}, score int(11) DEFAULT NULL,
    ${texts('companyname', 'companyemail', 'companyphone', 'companyaddress1', 'companyaddress2', 'companycity', 'companystate', 'companyzipcode')},
    ${texts('companycountry', 'companywebsite', 'companyindustry')}, companydescription longtext`,
  companies_leads: `${to('company_id', 'companies', 'CASCADE', false)}, ${dies()}, ${added}, is_primary tinyint(1) DEFAULT 0,
    ${flags('manually_removed', 'manually_added')}, PRIMARY KEY (company_id, lead_id)`,
  ip_addresses: `${id}, ip_address varchar(45) NOT NULL, ${longs('ip_details')}, KEY ip_search (ip_address)`,
  lead_ips_xref: `${dies()}, ${to('ip_id', 'ip_addresses', 'CASCADE', false)}, PRIMARY KEY (lead_id, ip_id)`,
  lead_tags: `${id}, tag varchar(191) NOT NULL, description longtext, KEY lead_tag_search (tag)`,
  lead_tags_xref: `${dies()}, ${to('tag_id', 'lead_tags', '', false)}, PRIMARY KEY (lead_id, tag_id)`,
  lead_devices: `${bigId}, ${dies()}, ${added}, ${longs('client_info')}, ${texts('device', 'device_os_name', 'device_os_shortname')},
    ${texts('device_os_version', 'device_os_platform', 'device_brand', 'device_model', 'tracking_id')}`,
  lead_donotcontact: `${id}, ${mayDie}, ${added}, reason smallint(6) NOT NULL, channel varchar(191) NOT NULL, ${ints('channel_id')}, ${longs('comments')}`,
  lead_notes: `${id}, ${edited}, ${dies()}, \`text\` longtext NOT NULL, type varchar(50) DEFAULT NULL, ${times('date_time')}`,
  lead_event_log: `${bigId}, ${mayDie}, ${ints('user_id', 'object_id')}, ${texts('user_name', 'bundle', 'object', 'action')}, ${added},
    properties json DEFAULT NULL, KEY (object, object_id)`,
  contact_merge_records: `${id}, ${dies('contact_id')}, ${added}, merged_id int(11) NOT NULL, name varchar(191) NOT NULL`,
  lead_utmtags: `${id}, ${added}, ${dies()}, ${longs('query', 'referer', 'url', 'user_agent')}, ${texts('remote_host')}, ${utm}`,
  lead_points_change_log: `${id}, ${dies()}, ${mustIp}, type tinytext NOT NULL, event_name varchar(191) NOT NULL,
    action_name varchar(191) NOT NULL, delta int(11) NOT NULL, ${added}`,
  lead_stages_change_log: `${id}, ${dies()}, ${to('stage_id', 'stages', 'CASCADE')}, event_name varchar(191) NOT NULL, action_name varchar(191) NOT NULL, ${added}`,
  lead_companies_change_log: `${bigId}, ${dies()}, type tinytext NOT NULL, event_name varchar(191) NOT NULL,
    action_name varchar(191) NOT NULL, company_id int(11) NOT NULL, ${added}`,
  lead_categories: `${id}, category_id int(10) unsigned NOT NULL, ${dies()}, ${added}, ${flags('manually_removed', 'manually_added')}`,
  lead_frequencyrules: `${id}, ${dies()}, ${added}, frequency_number smallint(6) DEFAULT NULL, frequency_time varchar(25) DEFAULT NULL,
    channel varchar(191) NOT NULL, preferred_channel tinyint(1) NOT NULL DEFAULT 0, ${times('pause_from_date', 'pause_to_date')}`,
  lead_lists: `${id}, ${edited}, name varchar(191) NOT NULL, alias varchar(191) NOT NULL, ${texts('public_name')}, description longtext,
    ${longs('filters')}, ${flags('is_global', 'is_preference_center')}`,
  lead_lists_leads: `leadlist_id int(10) unsigned NOT NULL, ${dies()}, ${added}, ${flags('manually_removed', 'manually_added')},
    PRIMARY KEY (leadlist_id, lead_id)`,
  campaign_leads: `campaign_id int(10) unsigned NOT NULL, ${dies()}, ${added}, ${flags('manually_removed', 'manually_added')},
    ${times('date_last_exited')}, rotation int(11) NOT NULL DEFAULT 1, PRIMARY KEY (campaign_id, lead_id)`,
  campaign_lead_event_log: `${bigId}, event_id int(10) unsigned NOT NULL, ${dies()}, ${ints('campaign_id', 'channel_id')}, ${ip}, rotation int(11) NOT NULL DEFAULT 1,
    ${times('date_triggered', 'trigger_date', 'date_queued')}, ${flags('is_scheduled', 'system_triggered', 'non_action_path_taken')},
    ${longs('metadata')}, ${texts('channel')}, version int(11) NOT NULL DEFAULT 1, UNIQUE KEY campaign_rotation (event_id, lead_id, rotation)`,
  campaign_lead_event_failed_log: `${to('log_id', 'campaign_lead_event_log', 'CASCADE', false, 'bigint(20)')}, ${added}, ${longs('reason')}, PRIMARY KEY (log_id)`,
  message_queue: `${bigId}, ${ints('event_id')}, ${dies()}, channel varchar(191) NOT NULL, channel_id int(11) NOT NULL, priority smallint(6) NOT NULL DEFAULT 2,
    max_attempts smallint(6) NOT NULL DEFAULT 3, attempts smallint(6) NOT NULL DEFAULT 0, success tinyint(1) NOT NULL DEFAULT 0, status varchar(191) NOT NULL,
    ${times('date_published', 'scheduled_date', 'last_attempt', 'date_sent')}, ${longs('options')}`,
  point_lead_action_log: `point_id int(10) unsigned NOT NULL, ${dies()}, ${ip}, date_fired datetime NOT NULL, PRIMARY KEY (point_id, lead_id)`,
  point_lead_event_log: `event_id int(10) unsigned NOT NULL, ${dies()}, ${ip}, date_fired datetime NOT NULL, PRIMARY KEY (event_id, lead_id)`,
  stage_lead_action_log: `stage_id int(10) unsigned NOT NULL, ${dies()}, ${ip}, date_fired datetime NOT NULL, PRIMARY KEY (stage_id, lead_id)`,
  point_group_contact_score: `${dies('contact_id')}, group_id int(10) unsigned NOT NULL, score int(11) NOT NULL, PRIMARY KEY (contact_id, group_id)`,
  dynamic_content_lead_data: `${id}, ${dies()}, ${ints('dynamic_content_id')}, ${times('date_added')}, slot varchar(191) NOT NULL`,
  monitoring_leads: `monitor_id int(10) unsigned NOT NULL, ${dies()}, ${added}, PRIMARY KEY (monitor_id, lead_id)`,
  email_stats: `${bigId}, ${ints('email_id', 'list_id', 'source_id', 'retry_count', 'open_count')}, ${stays}, email_address varchar(191) NOT NULL,
    ${to('ip_id', 'ip_addresses', 'SET NULL')}, date_sent datetime NOT NULL, ${flags('is_read', 'is_failed', 'viewed_in_browser')}, ${times('date_read', 'last_opened')},
    ${texts('tracking_hash', 'source')}, ${longs('tokens', 'open_details')}, copy_id varchar(32) DEFAULT NULL`,
  email_stat_replies: `id char(36) NOT NULL PRIMARY KEY, ${to('stat_id', 'email_stats', 'CASCADE', false, 'bigint(20)')}, date_replied datetime NOT NULL, message_id varchar(191) NOT NULL`,
  email_stats_devices: `${bigId}, ${to('device_id', 'lead_devices', 'CASCADE', true, 'bigint(20)')}, ${to('stat_id', 'email_stats', 'CASCADE', true, 'bigint(20)')},
    ${to('ip_id', 'ip_addresses', 'SET NULL')}, date_opened datetime NOT NULL`,
  page_hits: `${bigId}, ${visit}, ${ints('page_id', 'redirect_id', 'email_id')}, ${stays}, ${mustIp}, ${texts('url_title')}, tracking_id varchar(191) NOT NULL, ${source},
    ${to('device_id', 'lead_devices', 'SET NULL', true, 'bigint(20)')}`,
  video_hits: `${bigId}, ${visit}, ${stays}, ${mustIp}, guid varchar(191) NOT NULL, ${texts('channel')}, ${ints('channel_id', 'time_watched', 'duration')}`,
  form_submissions: `${bigId}, form_id int(10) unsigned NOT NULL, ${ip}, ${stays}, ${texts('tracking_id')}, date_submitted datetime NOT NULL, referer longtext NOT NULL, ${ints('page_id')}`,
  form_results_12_contact: `submission_id int(11) NOT NULL, form_id int(11) NOT NULL, ${longs('email', 'full_name', 'message')},
    PRIMARY KEY (submission_id), UNIQUE KEY (submission_id, form_id)`,
  form_results_13_party: `submission_id int(11) NOT NULL, form_id int(11) NOT NULL, ${longs('guest', 'brings')},
    PRIMARY KEY (submission_id), UNIQUE KEY (submission_id, form_id)`,
  asset_downloads: `${bigId}, date_download datetime NOT NULL, ${ints('asset_id', 'email_id')}, ${ip}, ${stays}, code int(11) NOT NULL DEFAULT 200,
    referer longtext, tracking_id varchar(191) NOT NULL, ${source}, ${utm}`,
  sms_message_stats: `${bigId}, ${ints('sms_id', 'list_id')}, ${stays}, ${ip}, date_sent datetime NOT NULL, is_failed tinyint(1) DEFAULT 0, ${texts('tracking_hash')}, ${source},
    ${longs('tokens')}, details json NOT NULL`,
  push_ids: `${id}, ${stays}, push_id varchar(191) NOT NULL, ${flags('enabled', 'mobile')}`,
  push_notification_stats: `${bigId}, ${ints('notification_id', 'list_id', 'click_count')}, ${stays}, ${ip}, date_sent datetime NOT NULL, ${times('date_clicked', 'last_clicked')},
    ${flags('is_clicked')}, ${texts('tracking_hash')}, ${source}, ${longs('tokens', 'click_details')}`,
  dynamic_content_stats: `${bigId}, ${ints('dynamic_content_id', 'sent_count')}, ${stays}, date_sent datetime NOT NULL, ${times('last_sent')}, ${source}, ${longs('tokens', 'sent_details')}`,
  tweet_stats: `${id}, ${ints('tweet_id', 'retry_count', 'favorite_count', 'retweet_count')}, ${texts('twitter_tweet_id')}, ${stays}, handle varchar(191) NOT NULL,
    ${times('date_sent')}, is_failed tinyint(1) DEFAULT 0, ${source}, response_details json DEFAULT NULL`,
  focus_stats: `${id}, focus_id int(10) unsigned NOT NULL, type varchar(191) NOT NULL, ${ints('type_id')}, ${added}, ${stays}`,
  audit_log: `${bigId}, user_id int(11) NOT NULL, user_name varchar(191) NOT NULL, bundle varchar(50) NOT NULL, object varchar(50) NOT NULL,
    object_id bigint(20) unsigned NOT NULL, action varchar(50) NOT NULL, ${longs('details')}, ${added}, ip_address varchar(45) NOT NULL, KEY (object, object_id)`,
  sync_object_mapping: `${id}, date_created datetime NOT NULL, integration varchar(191) NOT NULL, internal_object_name varchar(191) NOT NULL,
    internal_object_id bigint(20) unsigned NOT NULL, integration_object_name varchar(191) NOT NULL, integration_object_id varchar(191) NOT NULL,
    last_sync_date datetime NOT NULL, internal_storage json NOT NULL, ${flags('is_deleted')}, ${texts('integration_reference_id')}`,
  sync_object_field_change_report: `${id}, integration varchar(191) NOT NULL, object_id bigint(20) unsigned NOT NULL, object_type varchar(191) NOT NULL,
    modified_at datetime NOT NULL, column_name varchar(191) NOT NULL, column_type varchar(191) NOT NULL, column_value longtext NOT NULL`,
  integration_entity: `${id}, ${added}, ${texts('integration', 'integration_entity', 'integration_entity_id', 'internal_entity')}, ${ints('internal_entity_id')},
    ${times('last_sync_date')}, ${longs('internal')}`,
  notifications: `${id}, ${to('user_id', 'users', 'CASCADE', false)}, type varchar(25) DEFAULT NULL, header varchar(512) DEFAULT NULL, message longtext NOT NULL, ${added},
    ${texts('icon_class')}, ${flags('is_read')}, deduplicate varchar(32) DEFAULT NULL`,
  webhook_queue: `${bigId}, webhook_id int(10) unsigned NOT NULL, event_id int(10) unsigned NOT NULL, ${times('date_added', 'date_modified')},
    payload_compressed mediumblob DEFAULT NULL, retries smallint(5) unsigned NOT NULL DEFAULT 0`,
  imports: `${id}, ${edited}, dir varchar(191) NOT NULL, file varchar(191) NOT NULL, ${texts('original_file')}, line_count int(11) NOT NULL DEFAULT 0,
    inserted_count int(11) NOT NULL DEFAULT 0, updated_count int(11) NOT NULL DEFAULT 0, ignored_count int(11) NOT NULL DEFAULT 0, priority int(11) NOT NULL DEFAULT 512,
    status int(11) NOT NULL DEFAULT 3, ${times('date_started', 'date_ended')}, object varchar(191) NOT NULL DEFAULT 'lead', properties json DEFAULT NULL`,
}

/** `roles` is named by a key, so it is there. */
const roles = `CREATE TABLE roles (${id}, name varchar(191) NOT NULL);`
const order = [
  'stages',
  'users',
  'leads',
  'companies',
  'ip_addresses',
  'lead_tags',
  'lead_devices',
  'email_stats',
  'campaign_lead_event_log',
]

export const mauticSchema = [
  roles,
  ...[...new Set([...order, ...Object.keys(tables)])].map(
    (name) =>
      `CREATE TABLE ${name} (${tables[name]}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci;`,
  ),
].join('\n')

import { php, type Rows, row } from './mautic.ts'
import { ann, annsStat, at } from './mautic-people.ts'

const lead_id = ann.id
const date_sent = at

/** What she visited and filled in, and what was sent to her. */
export const traces: Rows = [
  row('page_hits', {
    id: 201,
    lead_id,
    ip_id: 1,
    date_hit: at,
    city: 'Delft',
    url: 'https://us.example/?email=ann.lee%40post.example',
    query: php({ page_title: 'Tea', email: ann.address }),
    browser_languages: php(['nl', 'en']),
    tracking_id: 't-ann',
    device_id: 31,
  }),
  row('page_hits', {
    id: 202,
    lead_id,
    ip_id: 4,
    date_hit: at,
    url: 'https://us.example/tea',
    tracking_id: 't-ann',
  }),
  // Met before she was known: only her device leads to it.
  row('page_hits', { id: 205, lead_id: null, ip_id: 5, date_hit: at, tracking_id: 't-ann', device_id: 31 }),
  row('video_hits', { id: 203, lead_id, ip_id: 1, date_hit: at, guid: 'v1', query: php({}) }),
  row('asset_downloads', { id: 204, lead_id, ip_id: 2, date_download: at, tracking_id: 't-ann' }),
  row('form_submissions', {
    id: 601,
    form_id: 12,
    lead_id,
    ip_id: 1,
    date_submitted: at,
    referer: 'https://us.example/contact',
    tracking_id: 't-ann',
  }),
  row('form_submissions', { id: 602, form_id: 13, lead_id, date_submitted: at, referer: '' }),
  row('form_results_12_contact', {
    submission_id: 601,
    form_id: 12,
    email: ann.address,
    full_name: 'Ann Lée',
    message: 'tea',
  }),
  row('form_results_13_party', { submission_id: 602, form_id: 13, guest: 'Ann', brings: 'Bob Vos' }),
  row('email_stats', {
    id: annsStat,
    email_id: 4,
    lead_id,
    email_address: ann.address,
    ip_id: 2,
    date_sent,
    is_read: 1,
    tracking_hash: 'hash-ann',
    tokens: php({ '{contactfield=firstname}': 'Ann', '{contactfield=lastname}': 'Lée' }),
    open_details: php([{ datetime: at, useragent: 'Firefox' }]),
  }),
  // Of a contact that Mautic deleted some time ago: the copy of the address is all that leads here.
  row('email_stats', {
    id: 300,
    email_id: 4,
    lead_id: null,
    email_address: 'ANN.lee@post.example',
    date_sent,
    tokens: php({ '{contactfield=lastname}': 'Lée' }),
  }),
  row('email_stat_replies', {
    id: '0000-ann',
    stat_id: annsStat,
    date_replied: at,
    message_id: '<1@post.example>',
  }),
  row('email_stats_devices', { id: 301, device_id: 31, stat_id: annsStat, ip_id: 1, date_opened: at }),
  row('sms_message_stats', {
    id: 302,
    sms_id: 1,
    lead_id,
    ip_id: null,
    date_sent,
    tokens: php({ name: 'Ann' }),
    details: '{"failed":["+31612345678 is off"],"n":[1.0,2]}',
  }),
  row('push_notification_stats', {
    id: 303,
    lead_id,
    date_sent,
    tracking_hash: 'push-ann',
    click_details: php([]),
  }),
  row('dynamic_content_stats', { id: 304, lead_id, date_sent, sent_details: php({ slot: 'top' }) }),
  row('tweet_stats', {
    id: 305,
    lead_id,
    handle: 'annlee',
    twitter_tweet_id: '17',
    date_sent,
    response_details: '{"text":"@annlee hi"}',
  }),
  row('focus_stats', { id: 306, focus_id: 1, type: 'click', lead_id, date_added: at }),
]

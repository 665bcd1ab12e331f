/*
 * listmonk 6 on PostgreSQL: a faithful rewrite, made from its published schema.sql, of every table, enum, key, unique index, foreign
 * key and materialised view. listmonk is AGPL and in no registry that a test may ask, so its own file is not here. Left out:
 * indexes that only make things faster, and the settings it is born with.
 */
const enums: Readonly<Record<string, readonly string[]>> = {
  list_type: ['public', 'private', 'temporary'],
  list_optin: ['single', 'double'],
  list_status: ['active', 'archived'],
  subscriber_status: ['enabled', 'disabled', 'blocklisted'],
  subscription_status: ['unconfirmed', 'confirmed', 'unsubscribed'],
  campaign_status: ['draft', 'running', 'scheduled', 'paused', 'cancelled', 'finished'],
  campaign_type: ['regular', 'optin'],
  content_type: ['richtext', 'html', 'plain', 'markdown', 'visual'],
  bounce_type: ['soft', 'hard', 'complaint'],
  template_type: ['campaign', 'campaign_visual', 'tx'],
  user_type: ['user', 'api'],
  user_status: ['enabled', 'disabled'],
  role_type: ['user', 'list'],
  twofa_type: ['none', 'totp'],
}

const times = 'created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()'
const created = 'created_at timestamptz DEFAULT now()'
const to = (table: string, onDelete: string): string =>
  `REFERENCES ${table}(id) ON DELETE ${onDelete} ON UPDATE CASCADE`

const tables: Readonly<Record<string, string>> = {
  subscribers: `id serial PRIMARY KEY, uuid uuid NOT NULL UNIQUE, email text NOT NULL UNIQUE, name text NOT NULL,
    attribs jsonb NOT NULL DEFAULT '{}', status subscriber_status NOT NULL DEFAULT 'enabled', ${times}`,
  lists: `id serial PRIMARY KEY, uuid uuid NOT NULL UNIQUE, name text NOT NULL, type list_type NOT NULL,
    optin list_optin NOT NULL DEFAULT 'single', status list_status NOT NULL DEFAULT 'active', tags varchar(100)[],
    description text NOT NULL DEFAULT '', ${times}`,
  subscriber_lists: `subscriber_id int ${to('subscribers', 'CASCADE')}, list_id int NULL ${to('lists', 'CASCADE')},
    meta jsonb NOT NULL DEFAULT '{}', status subscription_status NOT NULL DEFAULT 'unconfirmed', ${times},
    PRIMARY KEY (subscriber_id, list_id)`,
  templates: `id serial PRIMARY KEY, name text NOT NULL, type template_type NOT NULL DEFAULT 'campaign', subject text NOT NULL,
    body text NOT NULL, body_source text NULL, is_default boolean NOT NULL DEFAULT false, ${times}`,
  campaigns: `id serial PRIMARY KEY, uuid uuid NOT NULL UNIQUE, name text NOT NULL, subject text NOT NULL, from_email text NOT NULL,
    body text NOT NULL, body_source text NULL, altbody text NULL, content_type content_type NOT NULL DEFAULT 'richtext',
    send_at timestamptz, headers jsonb NOT NULL DEFAULT '[]', attribs jsonb NOT NULL DEFAULT '{}',
    status campaign_status NOT NULL DEFAULT 'draft', tags varchar(100)[], type campaign_type DEFAULT 'regular',
    messenger text NOT NULL, template_id int REFERENCES templates(id) ON DELETE SET NULL, to_send int NOT NULL DEFAULT 0,
    sent int NOT NULL DEFAULT 0, max_subscriber_id int NOT NULL DEFAULT 0, last_subscriber_id int NOT NULL DEFAULT 0,
    archive boolean NOT NULL DEFAULT false, archive_slug text NULL UNIQUE,
    archive_template_id int REFERENCES templates(id) ON DELETE SET NULL, archive_meta jsonb NOT NULL DEFAULT '{}',
    started_at timestamptz, ${times}`,
  campaign_lists: `id bigserial PRIMARY KEY, campaign_id int NOT NULL ${to('campaigns', 'CASCADE')},
    list_id int NULL ${to('lists', 'SET NULL')}, list_name text NOT NULL DEFAULT '', UNIQUE (campaign_id, list_id)`,
  campaign_views: `id bigserial PRIMARY KEY, campaign_id int NOT NULL ${to('campaigns', 'CASCADE')},
    subscriber_id int NULL ${to('subscribers', 'SET NULL')}, ${created}`,
  media: `id serial PRIMARY KEY, uuid uuid NOT NULL UNIQUE, provider text NOT NULL DEFAULT '', filename text NOT NULL,
    content_type text NOT NULL DEFAULT 'application/octet-stream', thumb text NOT NULL, meta jsonb NOT NULL DEFAULT '{}', ${created}`,
  campaign_media: `campaign_id int ${to('campaigns', 'CASCADE')}, media_id int NULL ${to('media', 'SET NULL')},
    filename text NOT NULL DEFAULT '', UNIQUE (campaign_id, media_id)`,
  links: `id serial PRIMARY KEY, uuid uuid NOT NULL UNIQUE, url text NOT NULL UNIQUE, ${created}`,
  link_clicks: `id bigserial PRIMARY KEY, campaign_id int NULL ${to('campaigns', 'CASCADE')},
    link_id int NOT NULL ${to('links', 'CASCADE')}, subscriber_id int NULL ${to('subscribers', 'SET NULL')}, ${created}`,
  settings: `key text NOT NULL UNIQUE, value jsonb NOT NULL DEFAULT '{}', updated_at timestamptz DEFAULT now()`,
  bounces: `id serial PRIMARY KEY, subscriber_id int NOT NULL ${to('subscribers', 'CASCADE')},
    campaign_id int NULL ${to('campaigns', 'SET NULL')}, type bounce_type NOT NULL DEFAULT 'hard', source text NOT NULL DEFAULT '',
    meta jsonb NOT NULL DEFAULT '{}', ${created}`,
  roles: `id serial PRIMARY KEY, type role_type NOT NULL DEFAULT 'user', parent_id int NULL ${to('roles', 'CASCADE')},
    list_id int NULL ${to('lists', 'CASCADE')}, permissions text[] NOT NULL DEFAULT '{}', name text NULL, ${times},
    UNIQUE (parent_id, list_id)`,
  users: `id serial PRIMARY KEY, username text NOT NULL UNIQUE, password_login boolean NOT NULL DEFAULT false, password text NULL,
    email text NOT NULL UNIQUE, name text NOT NULL, avatar text NULL, type user_type NOT NULL DEFAULT 'user',
    user_role_id int NOT NULL REFERENCES roles(id) ON DELETE RESTRICT, list_role_id int NULL REFERENCES roles(id) ON DELETE CASCADE,
    status user_status NOT NULL DEFAULT 'disabled', twofa_type twofa_type NOT NULL DEFAULT 'none', twofa_key text NULL,
    loggedin_at timestamptz NULL, ${times}`,
  sessions: `id text NOT NULL PRIMARY KEY, data jsonb NOT NULL DEFAULT '{}', created_at timestamp NOT NULL DEFAULT now()`,
}

const indexes = [
  'CREATE UNIQUE INDEX ON subscribers (lower(email))',
  'CREATE UNIQUE INDEX ON templates (is_default) WHERE is_default',
  'CREATE UNIQUE INDEX ON roles (type, name) WHERE name IS NOT NULL',
  ...['subscriber_lists', 'campaign_views', 'link_clicks', 'bounces'].map(
    (table) => `CREATE INDEX ON ${table} (subscriber_id)`,
  ),
  'CREATE INDEX ON subscriber_lists (list_id)',
  'CREATE INDEX ON link_clicks (link_id)',
]

/** Numbers of people, sendings, views and clicks: nobody in particular. */
const views: Readonly<Record<string, string>> = {
  mat_dashboard_counts: `SELECT now() AS updated_at, json_build_object(
      'subscribers', (SELECT json_object_agg(status, n) FROM (SELECT status, count(*) AS n FROM subscribers GROUP BY status) s),
      'lists', (SELECT count(*) FROM lists), 'messages', (SELECT sum(sent) FROM campaigns)) AS data`,
  mat_dashboard_charts: `SELECT now() AS updated_at, json_build_object(
      'link_clicks', (SELECT json_agg(r) FROM (SELECT count(*), created_at::date FROM link_clicks GROUP BY 2 ORDER BY 2) r),
      'campaign_views', (SELECT json_agg(r) FROM (SELECT count(*), created_at::date FROM campaign_views GROUP BY 2 ORDER BY 2) r)) AS data`,
  mat_list_subscriber_stats: `SELECT now() AS updated_at, l.id AS list_id, s.status, count(s.status) AS subscriber_count
      FROM lists l LEFT JOIN subscriber_lists s ON s.list_id = l.id GROUP BY l.id, s.status
    UNION ALL SELECT now(), 0, NULL, count(id) FROM subscribers`,
}

/** Statements that make the empty database. */
export const listmonkSchema = [
  ...Object.entries(enums).map(
    ([name, words]) => `CREATE TYPE ${name} AS ENUM (${words.map((word) => `'${word}'`).join(', ')})`,
  ),
  ...Object.entries(tables).map(([name, columns]) => `CREATE TABLE ${name} (${columns})`),
  ...indexes,
  ...Object.entries(views).map(([name, query]) => `CREATE MATERIALIZED VIEW ${name} AS ${query}`),
].join(';\n')

/** What a materialised view would hold if it were made now. */
export const freshView = (name: string): string => views[name] as string

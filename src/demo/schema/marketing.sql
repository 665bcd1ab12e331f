-- A mailing service: subscribers, what was sent to them, what they clicked, and who must not be mailed again.
CREATE TABLE lists (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  language TEXT NOT NULL CHECK (language IN ('en', 'nl', 'da'))
);
CREATE TABLE subscribers (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL,
  name TEXT,
  language TEXT NOT NULL CHECK (language IN ('en', 'nl', 'da')),
  status TEXT NOT NULL CHECK (status IN ('active', 'unsubscribed', 'bounced')),
  source TEXT NOT NULL,
  signup_ip TEXT,
  consented_at DATETIME NOT NULL
);
CREATE TABLE subscriptions (
  subscriber_id INTEGER NOT NULL REFERENCES subscribers (id),
  list_id INTEGER NOT NULL REFERENCES lists (id),
  status TEXT NOT NULL CHECK (status IN ('active', 'ended')),
  started_at DATETIME NOT NULL,
  ended_at DATETIME,
  PRIMARY KEY (subscriber_id, list_id),
  CHECK ((status = 'ended') = (ended_at IS NOT NULL))
);
CREATE TABLE campaigns (
  id INTEGER PRIMARY KEY,
  list_id INTEGER NOT NULL REFERENCES lists (id),
  subject TEXT NOT NULL,
  sent_at DATETIME NOT NULL
);
CREATE TABLE sends (
  id INTEGER PRIMARY KEY,
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
  subscriber_id INTEGER REFERENCES subscribers (id),
  address TEXT,
  outcome TEXT NOT NULL CHECK (outcome IN ('delivered', 'opened', 'bounced')),
  sent_at DATETIME NOT NULL
);
CREATE TABLE clicks (
  id INTEGER PRIMARY KEY,
  send_id INTEGER NOT NULL REFERENCES sends (id),
  url TEXT NOT NULL,
  ip_address TEXT,
  clicked_at DATETIME NOT NULL
);
CREATE TABLE unsubscribed (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  -- NULL: from everything.
  list_id INTEGER REFERENCES lists (id),
  reason TEXT,
  unsubscribed_at DATETIME NOT NULL
);
-- indexes
CREATE UNIQUE INDEX subscribers_email ON subscribers (email COLLATE NOCASE);
CREATE INDEX subscriptions_list ON subscriptions (list_id);
CREATE INDEX campaigns_list ON campaigns (list_id);
CREATE INDEX sends_campaign ON sends (campaign_id);
CREATE INDEX sends_subscriber ON sends (subscriber_id);
CREATE INDEX sends_sent ON sends (sent_at);
CREATE INDEX clicks_send ON clicks (send_id);
CREATE INDEX clicks_clicked ON clicks (clicked_at);
CREATE INDEX unsubscribed_address ON unsubscribed (address COLLATE NOCASE);

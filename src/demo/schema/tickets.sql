-- A help desk as such systems are: the addresses people typed, threads others write in, and hard keys between them.
CREATE TABLE companies (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT NOT NULL CHECK (country IN ('NL', 'DK', 'GB')),
  city TEXT NOT NULL,
  email TEXT NOT NULL,
  switchboard TEXT NOT NULL
);
CREATE TABLE agents (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL COLLATE NOCASE UNIQUE,
  team TEXT NOT NULL
);
CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  company_id INTEGER REFERENCES companies (id),
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT,
  language TEXT NOT NULL CHECK (language IN ('en', 'nl', 'da')),
  city TEXT,
  notes TEXT,
  portal_password TEXT,
  created_at DATETIME NOT NULL
);
CREATE TABLE tickets (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  requester_id INTEGER REFERENCES customers (id),
  company_id INTEGER REFERENCES companies (id),
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  channel TEXT NOT NULL CHECK (channel IN ('email', 'portal', 'phone')),
  category TEXT NOT NULL CHECK (category IN ('incident', 'service request', 'change')),
  impact INTEGER NOT NULL CHECK (impact BETWEEN 1 AND 3),
  urgency INTEGER NOT NULL CHECK (urgency BETWEEN 1 AND 3),
  priority TEXT NOT NULL CHECK (priority IN ('critical', 'high', 'normal', 'low')),
  status TEXT NOT NULL CHECK (status IN ('open', 'in progress', 'waiting for customer', 'on hold', 'planned', 'awaiting acceptance', 'closed')),
  merged_into INTEGER REFERENCES tickets (id),
  subject TEXT NOT NULL,
  callback TEXT,
  resolution TEXT,
  opened_at DATETIME NOT NULL,
  closed_at DATETIME,
  CHECK ((status = 'closed') = (closed_at IS NOT NULL))
);
CREATE TABLE participants (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  customer_id INTEGER REFERENCES customers (id),
  address TEXT NOT NULL,
  added_at DATETIME NOT NULL
);
CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  author TEXT NOT NULL CHECK (author IN ('customer', 'agent')),
  customer_id INTEGER REFERENCES customers (id),
  agent_id INTEGER REFERENCES agents (id),
  from_address TEXT,
  format TEXT NOT NULL CHECK (format IN ('text', 'html')),
  body TEXT NOT NULL,
  sent_at DATETIME NOT NULL,
  -- Set when the ticket closes, taken away when it is opened again.
  archived_at DATETIME
);
CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  message_id INTEGER NOT NULL REFERENCES messages (id),
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  text TEXT,
  content BLOB,
  added_at DATETIME NOT NULL,
  archived_at DATETIME,
  CHECK ((text IS NULL) <> (content IS NULL))
);
CREATE TABLE remote_sessions (
  id INTEGER PRIMARY KEY,
  ticket_id INTEGER NOT NULL REFERENCES tickets (id),
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  user_name TEXT NOT NULL,
  ip_address TEXT NOT NULL,
  host_name TEXT NOT NULL,
  started_at DATETIME NOT NULL,
  ended_at DATETIME NOT NULL
);
-- indexes
CREATE INDEX customers_email ON customers (email COLLATE NOCASE);
CREATE INDEX customers_phone ON customers (phone);
CREATE INDEX customers_company ON customers (company_id);
CREATE INDEX tickets_requester ON tickets (requester_id);
CREATE INDEX tickets_company ON tickets (company_id);
CREATE INDEX tickets_callback ON tickets (callback);
CREATE INDEX tickets_merged ON tickets (merged_into);
CREATE INDEX tickets_status_closed ON tickets (status, closed_at);
CREATE INDEX participants_ticket ON participants (ticket_id);
CREATE INDEX participants_customer ON participants (customer_id);
CREATE INDEX participants_address ON participants (address COLLATE NOCASE);
CREATE INDEX messages_ticket ON messages (ticket_id);
CREATE INDEX messages_customer ON messages (customer_id);
CREATE INDEX messages_archived ON messages (archived_at);
CREATE INDEX attachments_message ON attachments (message_id);
CREATE INDEX attachments_archived ON attachments (archived_at);
CREATE INDEX remote_sessions_ticket ON remote_sessions (ticket_id);
CREATE INDEX remote_sessions_customer ON remote_sessions (customer_id);
CREATE INDEX remote_sessions_ended ON remote_sessions (ended_at);

-- A call recorder: numbers in E.164 beside what the line showed, one audio file a call, and claims about a few.
CREATE TABLE calls (
  id INTEGER PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound', 'conference')),
  caller_number TEXT,
  caller_shown TEXT,
  callee_number TEXT,
  callee_shown TEXT,
  agent TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'nl', 'da')),
  disputed INTEGER NOT NULL DEFAULT 0 CHECK (disputed IN (0, 1)),
  recording TEXT UNIQUE,
  transcript TEXT,
  started_at DATETIME NOT NULL,
  ended_at DATETIME NOT NULL,
  CHECK (ended_at >= started_at)
);
CREATE TABLE claims (
  id INTEGER PRIMARY KEY,
  -- A claim outlives the call it is about.
  call_id INTEGER REFERENCES calls (id) ON DELETE SET NULL,
  reference TEXT NOT NULL UNIQUE,
  about TEXT NOT NULL,
  opened_at DATETIME NOT NULL,
  closed_at DATETIME
);
-- indexes
CREATE INDEX calls_caller ON calls (caller_number);
CREATE INDEX calls_callee ON calls (callee_number);
CREATE INDEX calls_ended ON calls (ended_at);
CREATE INDEX claims_call ON claims (call_id);

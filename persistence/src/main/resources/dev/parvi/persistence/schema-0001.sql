-- Facts about the file itself, such as the version of its schema.
CREATE TABLE meta(
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Entity ids, interned: a row is never deleted, so a number means one id for ever. Events up to "deleted" were removed on purpose.
CREATE TABLE entity(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  deleted INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row an event. The row of an entity's head is never deleted, only emptied, so the greatest position is never given out twice:
-- positions grow in the order of commits without the cost of AUTOINCREMENT. "key_hash" is of the idempotency key whose outcome rides
-- on the event: the first 8 bytes of the SHA-256 of its UTF-8 bytes, big-endian and signed; NULL if there is none.
CREATE TABLE event(
  position INTEGER PRIMARY KEY,
  entity INTEGER NOT NULL REFERENCES entity(number),
  revision INTEGER NOT NULL,
  writer TEXT NOT NULL,
  record BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  key_hash INTEGER,
  UNIQUE(entity, revision)
) STRICT;

CREATE INDEX event_key ON event(entity, key_hash) WHERE key_hash IS NOT NULL;

CREATE TABLE snapshot(
  entity INTEGER NOT NULL REFERENCES entity(number),
  revision INTEGER NOT NULL,
  writer TEXT NOT NULL,
  time INTEGER NOT NULL,
  record BLOB NOT NULL,
  checksum INTEGER NOT NULL,
  PRIMARY KEY(entity, revision)
) STRICT;

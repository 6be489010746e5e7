-- Entity ids, interned: a row is never deleted, so a number means one id for ever. The row's lock is the fence: whoever writes events of
-- the entity holds it and has compared "head", the revision of the last event. Events up to "deleted" were removed on purpose.
-- Collation C: the index must not depend on the server's C library. Room in each page: a new head is written beside the old one.
CREATE TABLE entity(
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  head bigint NOT NULL DEFAULT 0,
  deleted bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

-- One row an event. No foreign key: it would look up what the writer has locked anyway.
-- "xact" and "position" order events over all entities: positions are given out before the commit, so a reader must stop at
-- pg_snapshot_xmin(pg_current_snapshot()), below which no transaction can still commit, and go by (xact, position).
-- "key_hash" is of the idempotency key whose outcome rides on the event: the first 8 bytes of the SHA-256 of its UTF-8 bytes,
-- big-endian and signed; NULL if there is none.
CREATE TABLE event(
  entity bigint NOT NULL,
  revision bigint NOT NULL,
  xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
  position bigint GENERATED ALWAYS AS IDENTITY,
  checksum bigint NOT NULL,
  key_hash bigint,
  writer text NOT NULL,
  record bytea NOT NULL,
  PRIMARY KEY(entity, revision)
);

CREATE INDEX event_key ON event(entity, key_hash) WHERE key_hash IS NOT NULL;

CREATE TABLE snapshot(
  entity bigint NOT NULL,
  revision bigint NOT NULL,
  time bigint NOT NULL,
  checksum bigint NOT NULL,
  writer text NOT NULL,
  record bytea NOT NULL,
  PRIMARY KEY(entity, revision)
);

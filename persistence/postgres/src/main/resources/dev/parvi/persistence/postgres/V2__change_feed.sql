-- "event.xact" is a label from now on: the writer's transaction, or the label of the entity's event before, whichever is greater. For a
-- transaction may have its number before it waits for the entity's lock. "entity.xact" is the label of the last event.
ALTER TABLE entity ADD COLUMN xact xid8 NOT NULL DEFAULT '0';

-- Numbers that this server has not come to are those of another one, from which a dump was taken: then the positions are order enough.
UPDATE event SET xact = '0'
WHERE EXISTS (SELECT FROM event WHERE xact >= pg_snapshot_xmax(pg_current_snapshot()));

UPDATE entity SET xact = last.xact FROM (SELECT entity, max(xact::text::bigint)::text::xid8 AS xact FROM event GROUP BY entity) AS last
WHERE last.entity = entity.number;

-- The way of the feed. Writers wait while it is made.
CREATE INDEX event_feed ON event(xact, position);

-- The server whose transactions the labels count; one row.
CREATE TABLE feed_origin(
  system_identifier bigint NOT NULL
);

INSERT INTO feed_origin SELECT system_identifier FROM pg_control_system();

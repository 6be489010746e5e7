package dev.parvi.persistence.postgres;

import dev.parvi.persistence.JournalTck;

/** Pekko's own specification of a journal, on PostgreSQL. */
public final class PostgresJournalTckTest extends JournalTck {
    public PostgresJournalTckTest() {
        super(PostgresTck.fresh());
    }
}

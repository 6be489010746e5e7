package dev.parvi.persistence;

/** Pekko's own specification of a journal, on a file. */
public final class JournalTckTest extends JournalTck {
    public JournalTckTest() {
        super(TckConfig.fresh());
    }
}

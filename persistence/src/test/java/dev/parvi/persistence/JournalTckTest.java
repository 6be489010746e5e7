package dev.parvi.persistence;

import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.journal.JournalSpec;

/** Pekko's own specification of a journal. */
public final class JournalTckTest extends JournalSpec {
    public JournalTckTest() {
        super(TckConfig.fresh());
    }

    @Override
    public CapabilityFlag supportsMetadata() {
        return CapabilityFlag.on();
    }

    /** Rejecting one event of several would leave a gap in the revisions: the whole write fails instead, and its actor stops. */
    @Override
    public CapabilityFlag supportsRejectingNonSerializableObjects() {
        return CapabilityFlag.off();
    }
}

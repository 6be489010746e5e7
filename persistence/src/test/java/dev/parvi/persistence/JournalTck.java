package dev.parvi.persistence;

import com.typesafe.config.Config;
import org.apache.pekko.persistence.CapabilityFlag;
import org.apache.pekko.persistence.journal.JournalSpec;

/** Pekko's own specification of a journal, for any store. */
public abstract class JournalTck extends JournalSpec {
    protected JournalTck(Config config) {
        super(config);
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

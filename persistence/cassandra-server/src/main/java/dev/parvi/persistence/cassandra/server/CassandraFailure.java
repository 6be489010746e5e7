package dev.parvi.persistence.cassandra.server;

/** A server cannot start, for a reason that a person can mend. The message is one sentence. */
public final class CassandraFailure extends RuntimeException {
    CassandraFailure(String sentence) {
        super(sentence);
    }

    /** What happened and what to do about it, in one sentence. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}

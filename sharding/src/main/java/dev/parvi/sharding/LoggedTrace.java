package dev.parvi.sharding;

import org.slf4j.MDC;

/** While one is open, log lines of this thread carry the trace of a command, those of the author's code included. */
final class LoggedTrace implements AutoCloseable {
    /** As OpenTelemetry names it, so that log stores find the lines of a trace. */
    static final String KEY = "trace_id";

    private static final LoggedTrace NONE = new LoggedTrace();
    private static final LoggedTrace OPEN = new LoggedTrace();
    /** Of a traceparent: two digits of a version, a hyphen, 32 digits of the trace. */
    private static final int FROM = 3;

    private static final int TO = 35;

    private LoggedTrace() {}

    /** Opens one for a W3C traceparent; an empty string opens none. */
    static LoggedTrace of(String traceparent) {
        if (traceparent.length() < TO) return NONE;
        MDC.put(KEY, traceparent.substring(FROM, TO));
        return OPEN;
    }

    @Override
    public void close() {
        if (this == OPEN) MDC.remove(KEY);
    }
}

package dev.parvi.testkit.history;

import java.util.List;

/**
 * Whether what clients saw of a register can be explained by one register: each operation took effect at one moment between its
 * beginning and its end. Nothing but the observations is asked, so it finds what a journal that lies would hide.
 *
 * <p>The search is Wing and Gong's (1993) with Lowe's memory of where it has been. Its time is exponential in the operations that
 * overlap, so it has a budget; some hundred operations of a few clients at a time are quick.
 */
public final class Linearizability {
    private Linearizability() {}

    /**
     * Searches for an order that explains all.
     *
     * @param operations of one register, in any order
     * @param initial what the register held before the first of them
     * @param stepsMax how often an operation is tried at most; each step may take some hundred bytes. A budget that ends leaves the
     *     question open, which is no success
     */
    public static Result search(List<Observation> operations, long initial, long stepsMax) {
        return new LinearizabilitySearch(operations, initial, stepsMax).run();
    }

    /**
     * What came out.
     *
     * @param steps how often an operation was tried
     * @param explanation for people: where the search came no further
     */
    public record Result(Answer answer, long steps, String explanation) {
        /** True only if an order was found. */
        public boolean holds() {
            return answer == Answer.LINEARIZABLE;
        }
    }

    /** The three things that a search with a budget can say. */
    public enum Answer {
        LINEARIZABLE,
        NOT_LINEARIZABLE,
        UNDECIDED
    }

    /** What an operation does to the register. */
    public enum Action {
        READ,
        WRITE,
        /** Compared and found what was expected. */
        SWAP,
        /** Compared and found something else. */
        KEEP
    }

    /**
     * One operation as its client saw it. What was refused is none, and neither is a read without an answer: they say nothing.
     *
     * @param expected of a comparison
     * @param value what was read, or what was to be written
     * @param begunNanos and {@code endedNanos} by one clock; of one whose outcome is unknown the end is {@link Long#MAX_VALUE}: it may
     *     have taken effect at any later time, or never
     */
    public record Observation(
            String client, Action action, long expected, long value, long begunNanos, long endedNanos) {
        public static Observation read(String client, long value, long begunNanos, long endedNanos) {
            return new Observation(client, Action.READ, 0, value, begunNanos, endedNanos);
        }

        public static Observation write(String client, long value, long begunNanos, long endedNanos) {
            return new Observation(client, Action.WRITE, 0, value, begunNanos, endedNanos);
        }

        public static Observation compareAndSet(
                String client, long expected, long value, boolean succeeded, long begunNanos, long endedNanos) {
            return new Observation(
                    client, succeeded ? Action.SWAP : Action.KEEP, expected, value, begunNanos, endedNanos);
        }

        /** A write of which nobody knows what became. */
        public static Observation unknownWrite(String client, long value, long begunNanos) {
            return write(client, value, begunNanos, Long.MAX_VALUE);
        }

        /** A compare-and-set of which nobody knows what became. */
        public static Observation unknownCompareAndSet(String client, long expected, long value, long begunNanos) {
            return compareAndSet(client, expected, value, true, begunNanos, Long.MAX_VALUE);
        }

        boolean isUnknown() {
            return endedNanos == Long.MAX_VALUE;
        }

        /** Whether it can take effect on this value. */
        boolean fits(long held) {
            return switch (action) {
                case READ -> held == value;
                case WRITE -> true;
                case SWAP -> held == expected;
                case KEEP -> held != expected;
            };
        }

        /** What the register holds after it. */
        long after(long held) {
            return action == Action.WRITE || action == Action.SWAP ? value : held;
        }

        /** For sentences. */
        @Override
        public String toString() {
            var what =
                    switch (action) {
                        case READ -> "read " + value;
                        case WRITE -> "wrote " + value;
                        case SWAP -> "changed " + expected + " to " + value;
                        case KEEP -> "did not find " + expected;
                    };
            var span = isUnknown()
                    ? "begun at " + Times.text(begunNanos) + ", outcome unknown"
                    : Times.text(begunNanos) + " to " + Times.text(endedNanos);
            return client + " " + what + " (" + span + ")";
        }
    }
}

package dev.parvi.http.admission;

import java.util.Locale;

/** Why somebody was not let in, or not let stay. */
enum Reason {
    /** The head of a request did not arrive in time. */
    SLOW_HEAD,
    /** An answer was not read in time. */
    SLOW_ANSWER,
    /** A client that was told that its connection ends did not end it. */
    LINGERED,
    /** There was no traffic. */
    IDLE,
    /** Others needed the room more. */
    SHED,
    /** There was no room, and nobody to make some. */
    CONNECTIONS_MAX,
    CONNECTIONS_PER_SOURCE_MAX,
    /** There are too many requests under way. */
    OVERLOADED,
    /** There are too many long bodies in memory. */
    BODIES,
    /** An entity is sent too many commands. */
    ENTITY_RATE,
    /** A caller sends too many requests. */
    CALLER_RATE,
    /** The node is stopping. */
    STOPPING;

    /** As metrics and the status page say it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the client did nothing wrong and is told so by an orderly end. */
    boolean isOrderly() {
        return this == SLOW_HEAD || this == IDLE || this == SHED;
    }
}

package dev.parvi.sharding;

import dev.parvi.entity.CommandOutcome;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.RecoveryTimedOut;

/** What the failures of the store mean. */
final class StoreFailures {
    private StoreFailures() {}

    /** Whether the store may do better next time; what is stored wrongly stays so. */
    static boolean isTransient(Throwable cause) {
        return cause instanceof NotServing
                || cause instanceof OutcomeUnknown
                || cause instanceof TimeoutException
                || cause instanceof CircuitBreakerOpenException
                || cause instanceof RecoveryTimedOut;
    }

    /** What a command came to whose events could not be stored. The store's own words name files and servers: they are for the log. */
    static CommandOutcome toOutcome(Throwable cause) {
        if (cause instanceof NotServing) return new NotServing("the store did not take its events", cause);
        if (cause instanceof CircuitBreakerOpenException) return new NotServing("the store is failing", cause);
        return new OutcomeUnknown("the store did not say whether the command is stored", cause);
    }
}

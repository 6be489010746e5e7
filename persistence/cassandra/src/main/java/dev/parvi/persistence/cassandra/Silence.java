package dev.parvi.persistence.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.servererrors.BootstrappingException;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore.LostCursor;
import java.util.List;

/** What is known of a request that failed. */
enum Silence {
    /** It was not carried out and never will be. */
    NOTHING_DONE,
    /** It may have been carried out, or may still be. */
    UNCERTAIN;

    /**
     * Certain is only what was refused before anything was proposed: no connection to send on, a request that does not parse, too few
     * replicas to begin with (Paxos v2 looks before it proposes), a node that is just joining. Everything else is uncertain.
     */
    static Silence of(Throwable failure) {
        if (failure instanceof NoNodeAvailableException) return NOTHING_DONE;
        if (failure instanceof AllNodesFailedException all)
            return all.getAllErrors().values().stream().flatMap(List::stream).allMatch(Silence::isRefusal)
                    ? NOTHING_DONE
                    : UNCERTAIN;
        return isRefusal(failure) ? NOTHING_DONE : UNCERTAIN;
    }

    /** Whether the ring has answered at all; a refusal is an answer. */
    static boolean isAnswer(Throwable failure) {
        return failure instanceof QueryValidationException;
    }

    /** Whether asking again may help: nobody answered, or somebody who could not reach the others. */
    static boolean isSilence(Throwable failure) {
        return failure instanceof NotServing || failure instanceof DriverException && !isAnswer(failure);
    }

    /** What a failure means to a caller whose request stores nothing, or is known to have stored nothing. */
    static RuntimeException toContract(Throwable failure) {
        var cause = Requests.unwrap(failure);
        if (cause instanceof NotServing notServing) return notServing;
        if (cause instanceof OutcomeUnknown unknown) return unknown;
        if (cause instanceof DamagedRecord damaged) return damaged;
        if (cause instanceof LostCursor lost) return lost;
        return new NotServing("Cassandra did not carry the request out: " + cause.getMessage(), cause);
    }

    private static boolean isRefusal(Throwable failure) {
        return failure instanceof UnavailableException
                || failure instanceof BootstrappingException
                || failure instanceof QueryValidationException
                || failure instanceof NotServing;
    }
}

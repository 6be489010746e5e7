package dev.parvi.persistence.postgres;

import dev.parvi.entity.OutcomeUnknown;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One accepted write of one entity: what to do inside a transaction, and whom to tell once that is committed. */
abstract class WriteTask<T> {
    final String entity;
    final long sizeBytes;
    /** Whether an entity that is not there yet gets a row. */
    final boolean addsEntity;

    final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable OutcomeUnknown unknown;

    WriteTask(String entity, long sizeBytes, boolean addsEntity) {
        this.entity = entity;
        this.sizeBytes = sizeBytes;
        this.addsEntity = addsEntity;
    }

    /**
     * Runs on a writer's thread; more than once if a transaction is repeated. Throws {@link OutcomeUnknown} if an earlier transaction
     * may have done it and nobody can tell.
     *
     * @param inDoubt whether an earlier transaction may have done it
     */
    abstract @Nullable T write(PostgresTables tables, boolean inDoubt) throws SQLException;

    /** Counts and logs, once, after the commit. */
    void onStored(T stored) {}

    final void run(PostgresTables tables, boolean inDoubt) throws SQLException {
        unknown = null;
        try {
            result = write(tables, inDoubt);
        } catch (OutcomeUnknown nobodyCanTell) {
            unknown = nobodyCanTell;
        }
    }

    /** The transaction is committed. False if it told nothing about this task. */
    final boolean answer() {
        if (unknown != null) {
            future.completeExceptionally(unknown);
            return false;
        }
        try {
            if (result != null) onStored(result);
        } finally {
            future.complete(result);
        }
        return true;
    }
}

package dev.parvi.persistence;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One accepted write: what to do inside a transaction, and whom to tell once the transaction is on the disk. */
abstract class WriteTask<T> {
    final long sizeBytes;
    final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T result;

    WriteTask(long sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    /** Runs on the writer's thread; more than once if a transaction is repeated. */
    abstract @Nullable T write(SqliteTables tables) throws SQLException;

    /** Counts and logs, once, after the commit. */
    void onStored(T stored) {}

    final void run(SqliteTables tables) throws SQLException {
        result = write(tables);
    }

    final void succeed() {
        try {
            if (result != null) onStored(result);
        } finally {
            future.complete(result);
        }
    }
}

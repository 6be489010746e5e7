package dev.parvi.persistence.transfer;

import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Waits for a store, and asks again while it is not serving: others may keep it busy. All that is asked may be asked twice, since
 * appends carry the names of their writers.
 */
final class Patience {
    private static final Duration MAX = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private Patience() {}

    static <T> T get(Supplier<CompletableFuture<T>> request) {
        var end = System.nanoTime() + MAX.toNanos();
        while (true) {
            try {
                return request.get().join();
            } catch (CompletionException failure) {
                var cause = failure.getCause() == null ? failure : failure.getCause();
                if (!(cause instanceof NotServing || cause instanceof OutcomeUnknown)) throw asRuntime(cause);
                if (System.nanoTime() > end || Thread.currentThread().isInterrupted())
                    throw new TransferFailure("The store does not serve: " + cause.getMessage(), cause);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static RuntimeException asRuntime(Throwable cause) {
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }
}

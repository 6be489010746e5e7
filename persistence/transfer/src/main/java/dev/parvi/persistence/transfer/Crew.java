package dev.parvi.persistence.transfer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** A few threads that share work on many entities. */
final class Crew implements AutoCloseable {
    private static final int SIZE = 8;

    private final ExecutorService threads;

    Crew(String name) {
        threads = Executors.newFixedThreadPool(SIZE, work -> {
            var thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does this for each; returns when all are done. Throws what the first that failed threw. */
    <T> void forEach(Collection<T> all, Consumer<T> work) {
        var running = new ArrayList<Future<?>>(all.size());
        for (var each : all) running.add(threads.submit(() -> work.accept(each)));
        try {
            for (var future : running) future.get();
        } catch (ExecutionException failure) {
            running.forEach(future -> future.cancel(true));
            if (failure.getCause() instanceof RuntimeException known) throw known;
            throw new CompletionException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TransferFailure("It was interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

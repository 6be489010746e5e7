package dev.parvi.client;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks one after the other, on whatever thread is free: what only they touch needs no lock. What a task throws goes to its
 * thread's handler of uncaught exceptions, and the next one runs.
 */
final class Lane {
    private final Executor executor;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean isRunning;

    Lane(Executor executor) {
        this.executor = executor;
    }

    void run(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (isRunning) return;
            isRunning = true;
        }
        executor.execute(this::drain);
    }

    private void drain() {
        for (var task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (RuntimeException | Error thrown) {
                var thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
            }
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            var task = waiting.poll();
            if (task == null) isRunning = false;
            return task;
        }
    }
}

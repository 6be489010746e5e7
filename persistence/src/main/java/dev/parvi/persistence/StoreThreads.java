package dev.parvi.persistence;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** The store's own threads: named, and never the reason that a JVM does not end. */
final class StoreThreads {
    private static final long PATIENCE_SECONDS = 30;

    private StoreThreads() {}

    static Thread of(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Waits until the thread has ended; false if it is stuck. An interrupt does not shorten the wait, the data is worth it. */
    static boolean await(Thread thread) {
        return await(millis -> {
            thread.join(millis);
            return !thread.isAlive();
        });
    }

    static boolean await(ExecutorService threads) {
        return await(millis -> threads.awaitTermination(millis, TimeUnit.MILLISECONDS));
    }

    private static boolean await(Wait wait) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        var interrupted = false;
        try {
            while (true) {
                var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) return false;
                try {
                    return wait.ended(left);
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) Thread.currentThread().interrupt();
        }
    }

    private interface Wait {
        boolean ended(long millis) throws InterruptedException;
    }
}

package dev.parvi.runtime;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/** Looks for something again and again, on a thread of its own, and goes on after a failure. */
final class Lookout implements AutoCloseable {
    private final ScheduledExecutorService timer;

    private Lookout(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** Looks now, and each time so long after the last look has ended. Failures go to the log. */
    static Lookout every(Duration pause, String thread, Look look, Logger log) {
        var timer = Executors.newSingleThreadScheduledExecutor(task -> {
            var made = new Thread(task, thread);
            made.setDaemon(true);
            return made;
        });
        timer.scheduleWithFixedDelay(() -> lookOnce(look, thread, log), 0, pause.toMillis(), TimeUnit.MILLISECONDS);
        return new Lookout(timer);
    }

    private static void lookOnce(Look look, String thread, Logger log) {
        try {
            look.look();
        } catch (Exception failure) {
            log.warn("{} cannot look", thread, failure);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** One look. */
    interface Look {
        void look() throws Exception;
    }
}

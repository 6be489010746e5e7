package dev.parvi.persistence.pekkojournal;

import dev.parvi.persistence.pekkojournal.JournalTables.PartitionKey;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds every history of a journal once, without remembering any.
 *
 * <p>The partitions of one persistence id lie all over the ring. A history is begun when its lowest partition comes by, which is one
 * with no other below it. A partition whose next lower neighbour is missing although lower ones are there begins a history of its own:
 * no replay reaches it.
 */
final class RingWalk {
    private static final int SLICES = 1_024;

    private final JournalTables tables;
    private final Visitor visitor;
    private final AtomicInteger nextSlice = new AtomicInteger();
    private final AtomicBoolean isOver = new AtomicBoolean();

    /** Told by several threads at once, never twice about the same partition. */
    interface Visitor {
        /** Here a persistence id begins. */
        void onBeginning(PartitionKey lowest);

        /** Here it goes on after partitions without rows. */
        void onHole(PartitionKey below, PartitionKey above);
    }

    RingWalk(JournalTables tables, Visitor visitor) {
        this.tables = tables;
        this.visitor = visitor;
    }

    /** Goes once around the ring. The first failure ends it, and is thrown. */
    void run(int threads, Duration tick, Runnable onTick) {
        var pool = Executors.newFixedThreadPool(threads, work -> {
            var thread = new Thread(work, "parvi-journal-reader");
            thread.setDaemon(true);
            return thread;
        });
        try {
            var workers = new ExecutorCompletionService<Void>(pool);
            for (var i = 0; i < threads; i++) workers.submit(this::walk, null);
            for (var done = 0; done < threads; ) {
                var worker = workers.poll(tick.toMillis(), TimeUnit.MILLISECONDS);
                if (worker == null) {
                    onTick.run();
                } else {
                    worker.get();
                    done++;
                }
            }
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException known) throw known;
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading the journal", interrupted);
        } finally {
            isOver.set(true);
            pool.shutdownNow();
        }
    }

    private void walk() {
        for (var slice = nextSlice.getAndIncrement(); slice < SLICES; slice = nextSlice.getAndIncrement()) {
            var found = tables.partitions(firstToken(slice), lastToken(slice));
            while (found.hasNext() && !isOver.get()) visit(found.next());
            if (isOver.get()) return;
        }
    }

    private void visit(PartitionKey found) {
        var below = found.number() - 1;
        if (below >= 0 && tables.hasRows(found.at(below))) return;
        while (below >= 0 && !tables.hasRows(found.at(below))) below--;
        if (below < 0) visitor.onBeginning(found);
        else visitor.onHole(found.at(below), found);
    }

    /** Tokens are spread evenly over all numbers of 64 bits, the lowest left out. */
    private static long firstToken(int slice) {
        return Long.MIN_VALUE + slice * (1L << 54);
    }

    private static long lastToken(int slice) {
        return slice == SLICES - 1 ? Long.MAX_VALUE : firstToken(slice + 1) - 1;
    }
}

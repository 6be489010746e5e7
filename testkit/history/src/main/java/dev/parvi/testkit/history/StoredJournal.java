package dev.parvi.testkit.history;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parvi.entity.NotServing;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.StoredEvent;
import dev.parvi.protobuf.JournalRecord;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** An event store as a journal, read a stretch at a time. */
final class StoredJournal implements Journal {
    private static final int STRETCH = 1_000;
    private static final int PAGE = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final EventStore store;

    StoredJournal(EventStore store) {
        this.store = store;
    }

    @Override
    public long read(String entity, Reader reader) {
        long head = await(() -> store.head(entity));
        var reading = new Reading(reader);
        while (reading.next <= head) {
            var before = reading.next;
            try {
                await(() -> store.replay(entity, reading.next, head, STRETCH, reading::on));
                // What is behind the last event that comes was removed on purpose.
                if (reading.next == before) break;
            } catch (DamagedRecord damaged) {
                reader.onDamage(damaged.revision(), damaged.what());
                reading.next = damaged.revision() + 1;
            }
        }
        return head;
    }

    @Override
    public Set<String> entities(String type) {
        var all = new TreeSet<String>();
        var cursor = "";
        do {
            var at = cursor;
            var page = await(() -> store.entities(type + "/", at, PAGE));
            page.entities().forEach(extent -> all.add(extent.entity()));
            cursor = page.next();
        } while (!cursor.isEmpty());
        return all;
    }

    private static <T> T await(Supplier<CompletableFuture<T>> request) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return request.get().join();
            } catch (CompletionException failure) {
                var cause = failure.getCause();
                if (cause instanceof DamagedRecord damaged) throw damaged;
                var isInVain = System.nanoTime() > end || Thread.currentThread().isInterrupted();
                if (!(cause instanceof NotServing) || isInVain)
                    throw new IllegalStateException("the journal cannot be read: " + cause, cause);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** How far one entity was read. A stretch that is asked for again is handed on once. */
    private static final class Reading {
        private final Reader reader;
        private long next = 1;

        Reading(Reader reader) {
            this.reader = reader;
        }

        void on(StoredEvent event) {
            if (event.revision() < next) return;
            next = event.revision() + 1;
            try {
                reader.onEvent(
                        event.revision(),
                        JournalRecord.parseFrom(event.record()).getEvent());
            } catch (InvalidProtocolBufferException unreadable) {
                reader.onDamage(event.revision(), "is not readable");
            }
        }
    }
}

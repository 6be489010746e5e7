package dev.parvi.scenarios;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Slices;
import dev.parvi.persistence.EventStore.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** Follows the change feed of a store beside the nodes that write to it, as a projection would: keeps the revision of each entity. */
final class FeedFollower implements AutoCloseable {
    private static final int PAGE = 200;

    private final EventStore store;
    private final Map<String, Long> reached = new ConcurrentHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "feed");
    private volatile boolean isOver;
    private volatile long told;

    private FeedFollower(EventStore store) {
        this.store = store;
    }

    static FeedFollower start(EventStore store) {
        var follower = new FeedFollower(store);
        follower.thread.setDaemon(true);
        follower.thread.start();
        return follower;
    }

    /** The revision up to which each entity's events were told, by its name in the store. */
    Map<String, Long> reached() {
        return Map.copyOf(reached);
    }

    /** Events, those that were told again included. */
    long told() {
        return told;
    }

    /** Events that came before one that they follow. */
    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    private void run() {
        var cursor = "";
        while (!isOver) {
            try {
                var page = store.feed(Slices.ALL, "", cursor, PAGE).join();
                page.events().forEach(this::take);
                cursor = page.next();
                if (page.isLast()) Thread.sleep(100);
            } catch (CompletionException unserved) {
                // As after any silence: again, from the same cursor.
            } catch (InterruptedException over) {
                return;
            }
        }
    }

    private synchronized void take(StoredEvent event) {
        told++;
        var before = reached.getOrDefault(event.entity(), 0L);
        if (event.revision() > before + 1) faults.add(event.entity() + " at " + event.revision() + " after " + before);
        if (event.revision() == before + 1) reached.put(event.entity(), event.revision());
    }

    @Override
    public void close() throws InterruptedException {
        isOver = true;
        thread.join();
        store.close();
    }
}

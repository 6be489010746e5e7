package dev.parvi.persistence;

import static dev.parvi.persistence.StoreClient.get;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.persistence.EventStore.Slices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Measures by hand how fast one reader follows the feed: 300,000 events of 150 bytes over 10,000 entities. Argument: a folder for the
 * file.
 */
public final class FeedThroughput {
    private static final int ENTITIES = 10_000;
    private static final int REVISIONS = 30;
    private static final List<Integer> PAGES = List.of(1_000, 100, 1_000, 100);

    private FeedThroughput() {}

    public static void main(String[] arguments) throws Exception {
        var folder = Files.createTempDirectory(Path.of(arguments[0]), "feed");
        try (var store = EventStore.open(StoreSettings.configOn(folder.resolve("store.db")))) {
            measure(store);
        }
    }

    /** Fills the store, and reads it several times. */
    public static void measure(EventStore store) {
        var bytes = ByteString.copyFrom(new byte[150]);
        for (var revision = 0; revision < REVISIONS; revision++) {
            for (var first = 0; first < ENTITIES; first += 1_000) {
                var results = new ArrayList<CompletableFuture<AppendResult>>();
                for (var entity = first; entity < first + 1_000; entity++)
                    results.add(store.append(new Append(
                            "account/" + entity,
                            revision,
                            "7d9c7a1e-5c1a-4f6f-9a51-2f1c2a7b1e11",
                            List.of(new Record(bytes, "")))));
                results.forEach(StoreClient::get);
            }
        }
        for (var max : PAGES) System.out.println(read(store, Slices.ALL, max));
        System.out.println(read(store, new Slices(3, 3), 1_000));
    }

    private static String read(EventStore store, Slices slices, int max) {
        var begin = System.nanoTime();
        var cursor = "";
        var events = 0;
        var isLast = false;
        while (!isLast) {
            var page = get(store.feed(slices, "", cursor, max));
            events += page.events().size();
            cursor = page.next();
            isLast = page.isLast();
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        return String.format(
                Locale.ROOT, "%s, pages of %5d: %d events, %.0f events/s", slices, max, events, events / seconds);
    }
}

package dev.parvi.persistence.transfer;

import com.google.protobuf.ByteString;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.AppendResult;
import dev.parvi.persistence.EventStore.Record;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.protobuf.JournalRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fills a file, exports it, imports it into another, and verifies that; prints rates and the most memory that was used. Takes the
 * number of events and a folder.
 */
public final class TransferThroughput {
    private static final int EVENTS_AN_ENTITY = 100;
    private static final int PAYLOAD_BYTES = 100;
    private static final int UNDER_WAY = 256;

    private TransferThroughput() {}

    public static void main(String[] arguments) throws Exception {
        var events = Long.parseLong(arguments[0]);
        var folder = Files.createDirectories(Path.of(arguments[1]));
        var file = folder.resolve("all.export");
        try (var source = Stores.file(folder.resolve("source.db"));
                var target = Stores.file(folder.resolve("target.db"))) {
            measure("fill", () -> fill(source, events));
            measure(
                    "export",
                    () -> new Export(source, "", Progress.silent()).toFile(file).events());
            System.out.printf(Locale.ROOT, "the file has %,d MB%n", Files.size(file) >> 20);
            measure(
                    "import",
                    () -> new Import(target, "", Progress.silent()).from(file).events());
            measure(
                    "verify",
                    () -> new Verification(target, "", false, Progress.silent(), finding -> {
                                throw new AssertionError(finding);
                            })
                            .run()
                            .events());
        }
    }

    private static long fill(EventStore store, long events) {
        var event = EventRecord.newBuilder()
                .setType("bank.v1.AccountEvent")
                .setMethod("Deposit")
                .setPayload(ByteString.copyFrom(new byte[PAYLOAD_BYTES]));
        var record =
                new Record(JournalRecord.newBuilder().setEvent(event).build().toByteString(), "");
        var records = Collections.nCopies(EVENTS_AN_ENTITY, record);
        List<CompletableFuture<AppendResult>> running = new ArrayList<>();
        for (var n = 0; n < events / EVENTS_AN_ENTITY; n++) {
            running.add(store.append(new Append("account/" + n, 0, "w", records)));
            if (running.size() < UNDER_WAY) continue;
            running.forEach(CompletableFuture::join);
            running.clear();
        }
        running.forEach(CompletableFuture::join);
        return events;
    }

    private static void measure(String what, Work work) {
        var most = new AtomicLong();
        var watch = new Thread(() -> watch(most));
        watch.setDaemon(true);
        watch.start();
        var begun = System.nanoTime();
        var events = work.run();
        var seconds = (System.nanoTime() - begun) / 1e9;
        watch.interrupt();
        System.out.printf(
                Locale.ROOT,
                "%-7s %,12d events  %7.1f s  %,10.0f events/s  at most %,d MB of heap%n",
                what,
                events,
                seconds,
                events / seconds,
                most.get() >> 20);
    }

    private static void watch(AtomicLong most) {
        try {
            while (true) {
                var runtime = Runtime.getRuntime();
                most.accumulateAndGet(runtime.totalMemory() - runtime.freeMemory(), Math::max);
                Thread.sleep(100);
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Work {
        long run();
    }
}

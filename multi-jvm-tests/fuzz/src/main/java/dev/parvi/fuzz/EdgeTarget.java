package dev.parvi.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.parvi.runtime.ConfigLayers;
import dev.parvi.runtime.Node;
import dev.parvi.samples.bank.Account;
import dev.parvi.samples.bookings.Room;
import dev.parvi.samples.playback.Playback;
import dev.parvi.samples.rides.Driver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A whole node with the samples and a store on disk, which is sent one request an input. Jazzer knows it by its methods' names. */
public final class EdgeTarget {
    private static final String GOOD = "GET /account/fuzz-good HTTP/1.1\r\nHost: a\r\n\r\n";
    /** Between two looks at the memory. */
    private static final int LOOK_EVERY = 50_000;

    private static final long GROWTH_MAX = 128L << 20;
    private static final Duration UNTIL_ASLEEP = Duration.ofSeconds(3);

    private static @Nullable Connection connection;
    private static Verdict verdict = new Verdict(List.of());
    private static long inputs;
    private static long memoryAtStart;

    private EdgeTarget() {}

    /** Starts the node. */
    public static void fuzzerInitialize() {
        var folder = System.getProperty("parvi.fuzz.folder", "fuzz") + "/canary-folder";
        var config = ConfigLayers.of(
                        Map.of(),
                        List.of(),
                        Map.of(
                                "parvi.http.port", "0",
                                "parvi.node.management.port", "0",
                                "parvi.node.data", folder,
                                // Else the memory would be full of entities that were asked once, for minutes.
                                "parvi.sharding.passivate-after", "1s"))
                .effective();
        var node = Node.start(config, List.of(new Account(), new Room(), new Playback(), new Driver()));
        node.awaitReady();
        connection = new Connection(node.http());
        verdict = new Verdict(List.of("canary-folder", System.getProperty("parvi.fuzz.canary", "canary-folder")));
    }

    /** Sends one request. Whatever it is, the answer is a good one, a 4xx, or the end of the connection. */
    public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
        if (connection == null) throw new IllegalStateException("the node was not started");
        var request = RequestText.of(data);
        verdict.judge(request, connection.send(request));
        if (++inputs % LOOK_EVERY == 1) look();
    }

    private static void look() throws IOException {
        if (connection == null) throw new IllegalStateException("the node was not started");
        // On the old one, what the last input has left would stand in front of the request.
        connection.close();
        var answer = connection.send(GOOD.getBytes(StandardCharsets.ISO_8859_1));
        if (!answer.startsWith("HTTP/1.1 200 "))
            throw new AssertionError("the node does not serve any more: " + answer);
        // Those that were asked last are to be asleep, or their number is what is measured.
        LockSupport.parkNanos(UNTIL_ASLEEP.toNanos());
        for (var round = 0; round < 3; round++) System.gc();
        var used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        if (memoryAtStart == 0) memoryAtStart = used;
        System.err.println("memory in use: " + (used >> 20) + " MiB after " + inputs + " inputs");
        if (used - memoryAtStart > GROWTH_MAX) throw new AssertionError("the memory grows");
    }
}

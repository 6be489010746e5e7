package dev.parvi.bench;

import com.typesafe.config.ConfigFactory;
import dev.parvi.bench.SlowClients.Kind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What slow clients do to honest ones. */
@Command(
        name = "slow",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Lets slow clients loose on a node, and on Pekko HTTP as it comes, and measures honest requests beside them.")
final class SlowBench implements Callable<Integer> {
    private static final String PATH = "/account/honest";
    private static final int WARM_UP_RATE = 200;
    private static final int LONG_BYTES = 1 << 20;
    private static final String LONGEST_PAGE = "/docs/swagger-ui-bundle.js";

    @Option(
            names = "--connections",
            defaultValue = "2000",
            description = "Slow connections of each kind (default: ${DEFAULT-VALUE}).")
    private int connections;

    @Option(
            names = "--kinds",
            split = ",",
            defaultValue = "HEADER,BODY,READ",
            description = "What they are slow at (default: ${DEFAULT-VALUE}).")
    private List<Kind> kinds = List.of();

    @Option(
            names = "--rate",
            defaultValue = "50",
            description = "Honest requests a second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--seconds", defaultValue = "20", description = "How long each runs (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "A setting of the node, such as parvi.http.connections-max=1024.")
    private List<String> settings = List.of();

    @Option(
            names = "--stock",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether to measure Pekko HTTP as it comes as well.")
    private boolean stock;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures as JSON.")
    private @Nullable Path json;

    private final Report report = new Report();

    @Override
    public Integer call() throws IOException {
        var folder = Files.createTempDirectory("parvi-bench");
        try (var node = MeasuredNode.start(folder, settings)) {
            node.awaitAnswer("POST", PATH + "/deposit", "{\"amount\":1}");
            var address =
                    new InetSocketAddress("127.0.0.1", URI.create(node.url()).getPort());
            new HonestClients(address, PATH).run(WARM_UP_RATE, Duration.ofSeconds(10));
            for (var kind : kinds) measure("node", address, kind, pathOf(kind));
            if (stock) measureStock();
            if (json != null) Files.writeString(json, report.toJson());
            return 0;
        } finally {
            Bench.delete(folder);
        }
    }

    private static String pathOf(Kind kind) {
        return switch (kind) {
            case HEADER -> PATH;
            case BODY -> PATH + "/deposit";
            case READ -> LONGEST_PAGE;
        };
    }

    private void measureStock() {
        for (var kind : kinds)
            try (var server = new StockServer(kind == Kind.READ ? LONG_BYTES : 20)) {
                measure("stock Pekko HTTP", server.address(), kind, "/");
            }
    }

    private void measure(String name, InetSocketAddress address, Kind kind, String path) {
        try (var slow = SlowClients.start(address, kind, path, connections)) {
            var honest = new HonestClients(address, PATH).run(rate, Duration.ofSeconds(seconds));
            System.out.println(report.add(Measurement.of(name + " slow " + kind.word())
                    .with("slow connections", slow.connected())
                    .with("cut", slow.cut())
                    .with("honest p50 ms", honest.percentile(0.5))
                    .with("p99 ms", honest.percentile(0.99))
                    .with("max ms", honest.percentile(1))
                    .with("failed", honest.failures())));
        }
    }

    /** Clients as they should be: each connects, asks once, reads the answer and closes, whatever became of the one before. */
    private static final class HonestClients {
        private static final int AT_ONCE_MAX = 200;
        private static final Duration PATIENCE = Duration.ofSeconds(5);

        private final InetSocketAddress server;
        private final byte[] request;
        private final ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        private final LongAdder failures = new LongAdder();
        private final Semaphore places = new Semaphore(AT_ONCE_MAX);

        HonestClients(InetSocketAddress server, String path) {
            this.server = server;
            this.request = ("GET " + path + " HTTP/1.1\r\nHost: honest\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }

        /** Sends at this rate for this long, and waits until all are answered or given up. */
        Result run(int perSecond, Duration time) {
            var executor = Executors.newCachedThreadPool();
            var due = System.nanoTime();
            for (var n = 0; n < perSecond * time.toSeconds(); n++) {
                send(executor, due);
                due += 1_000_000_000L / perSecond;
                LockSupport.parkNanos(due - System.nanoTime());
            }
            executor.shutdown();
            try {
                if (!executor.awaitTermination(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) executor.shutdownNow();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            var sorted = times.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return new Result(sorted, failures.sum());
        }

        /** When everybody waits already, one more would only wait as well: it counts as failed. */
        private void send(ExecutorService executor, long dueNanos) {
            if (!places.tryAcquire()) {
                fail();
                return;
            }
            executor.execute(() -> {
                try {
                    ask();
                    times.add(System.nanoTime() - dueNanos);
                } catch (IOException failure) {
                    fail();
                } finally {
                    places.release();
                }
            });
        }

        private void fail() {
            failures.increment();
            times.add(PATIENCE.toNanos());
        }

        private void ask() throws IOException {
            try (var socket = new Socket()) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.connect(server, (int) PATIENCE.toMillis());
                socket.getOutputStream().write(request);
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                if (!answer.startsWith("HTTP/1.1 200")) throw new IOException("not answered: " + answer);
            }
        }

        /** How long answers took from the moment at which they were due, ascending; what failed counts as the whole patience. */
        record Result(long[] nanos, long failures) {
            double percentile(double part) {
                return nanos[(int) ((nanos.length - 1) * part)] / 1e6;
            }
        }
    }

    /** Pekko HTTP as it comes: its own binding and defaults, and an answer to everything that is whole within 10 s. What a node is measured against. */
    private static final class StockServer implements AutoCloseable {
        private static final Duration READ_MAX = Duration.ofSeconds(10);

        private final ActorSystem system = ActorSystem.create(
                "stock",
                ConfigFactory.parseString(
                                "pekko.loglevel = OFF, pekko.stdout-loglevel = OFF, pekko.actor.provider = local, pekko.daemonic = on")
                        .withFallback(ConfigFactory.defaultReference()));
        private final InetSocketAddress address;

        StockServer(int answerBytes) {
            var answer = HttpResponse.create().withEntity(new byte[answerBytes]);
            Function<HttpRequest, CompletionStage<HttpResponse>> answering = request ->
                    request.toStrict(READ_MAX.toMillis(), system).thenApplyAsync(whole -> answer, system.dispatcher());
            address = Http.get(system)
                    .newServerAt("127.0.0.1", 0)
                    .bind(answering)
                    .toCompletableFuture()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .join()
                    .localAddress();
        }

        InetSocketAddress address() {
            return address;
        }

        @Override
        public void close() {
            system.terminate();
        }
    }
}

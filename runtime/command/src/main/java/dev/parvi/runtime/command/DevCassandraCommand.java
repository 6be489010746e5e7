package dev.parvi.runtime.command;

import dev.parvi.persistence.cassandra.server.CassandraFailure;
import dev.parvi.persistence.cassandra.server.CassandraOptions;
import dev.parvi.persistence.cassandra.server.CassandraOptions.CommitLogSync;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code parvi dev cassandra}: real Cassandra servers on this machine, for as long as this process runs. */
@Command(
        name = "cassandra",
        description = "Runs Cassandra on this machine, one node or a ring of three. Needs a JDK 17.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Node n listens on 127.0.0.n, all on the same port. Each takes about 1 GB of memory. What was",
            "stored is there again next time. Logs are in <data>/node-n/logs. Ctrl-C stops all nodes.",
            "",
            "Examples:",
            "  parvi dev cassandra",
            "  parvi dev cassandra --nodes 3 --data ./data/ring",
            "  parvi dev cassandra --port 0                      a free port, the same one next time"
        })
final class DevCassandraCommand implements Callable<Integer> {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "1", description = "1 or 3 nodes. Default: 1")
    private int nodes;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "data/cassandra",
            description = "Folder for data and logs. Default: ./data/cassandra")
    private Path data = Path.of("data", "cassandra");

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "9042",
            description = "Port for clients; 0 takes a free one. Default: 9042")
    private int port;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    private final AtomicReference<@Nullable CassandraServers> running = new AtomicReference<>();
    private final AtomicBoolean isOver = new AtomicBoolean();

    @Override
    public Integer call() throws InterruptedException {
        if (nodes != 1 && nodes != 3) throw StartFailure.usage("--nodes must be 1 or 3, but is " + nodes + ".");
        if (port < 0 || port > 65_535)
            throw StartFailure.usage("--port must be between 0 and 65535, but is " + port + ".");
        var out = spec.commandLine().getOut();
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndHalt, "parvi-stop"));
        try (var ring = start(out)) {
            running.set(ring);
            announce(ring, out);
            mournUntilNoneIsLeft(ring, out);
            throw StartFailure.of(
                    StartFailure.Exit.FAULT, "All nodes of Cassandra have ended; the logs are in " + data + ".");
        } finally {
            isOver.set(true);
        }
    }

    private CassandraServers start(PrintWriter out) {
        // A single server must not acknowledge what a kill could take away; three keep it for each other.
        var sync = nodes == 1 ? CommitLogSync.BATCH : CommitLogSync.PERIODIC;
        try {
            return CassandraServers.start(
                    nodes,
                    data,
                    CassandraOptions.standard().withPort(port).withCommitLogSync(sync),
                    line -> say(out, line));
        } catch (CassandraFailure e) {
            throw StartFailure.of(StartFailure.Exit.MACHINE, e.sentence());
        }
    }

    private static void announce(CassandraServers ring, PrintWriter out) {
        say(out, "");
        ring.nodes().forEach(node -> say(out, node.toString()));
        var contact = ring.contactPoint();
        say(out, "");
        say(out, "parvi run --store cassandra://" + contact.getHostString() + ":" + contact.getPort());
    }

    private void mournUntilNoneIsLeft(CassandraServers ring, PrintWriter out) throws InterruptedException {
        var left = new ArrayList<>(ring.nodes());
        while (!left.isEmpty()) {
            Thread.sleep(LOOK_INTERVAL.toMillis());
            var dead = left.stream().filter(node -> !node.isAlive()).toList();
            // When all are told to stop, their ends are no news.
            if (isOver.get()) return;
            dead.forEach(node -> say(out, node + "  ended"));
            left.removeAll(dead);
        }
    }

    /** Ends with 0 when somebody stopped this process; when it ended by itself, its code says why. */
    private void stopAndHalt() {
        if (!isOver.compareAndSet(false, true)) return;
        var ring = running.get();
        if (ring != null) ring.close();
        // Nodes that are still starting notice that this process is gone.
        Runtime.getRuntime().halt(StartFailure.Exit.OK.code());
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}

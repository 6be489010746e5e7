package dev.parvi.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an append costs in a real Cassandra, with a fence and without, side by side in one run. */
@Command(
        name = "cassandra",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Starts Cassandra on this machine and writes to it in several ways: with a fence and without.")
final class CassandraBench implements Callable<Integer> {
    private static final String STOCK = "pekko.persistence.cassandra";

    @Option(names = "--nodes", split = ",", defaultValue = "1,3", description = "Rings (default: ${DEFAULT-VALUE}).")
    private List<Integer> rings = List.of();

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "How long each way is measured at each number of clients (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--clients",
            split = ",",
            defaultValue = "1,16,64",
            description = "Numbers of clients (default: ${DEFAULT-VALUE}).")
    private List<Integer> clients = List.of();

    @Option(names = "--entities", defaultValue = "10000", description = "Entities in play (default: ${DEFAULT-VALUE}).")
    private int entities;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures as JSON.")
    private @Nullable Path json;

    private final Report report = new Report();

    @Override
    public Integer call() throws IOException {
        // The drivers run in this process, and say at length what they do.
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) root.setLevel(Level.WARN);
        var folder = Files.createTempDirectory("parvi-bench");
        try {
            for (var nodes : rings)
                try (var ring = CassandraServers.start(nodes, folder.resolve("ring-" + nodes), System.out::println)) {
                    measure(ring);
                }
            if (json != null) Files.writeString(json, report.toJson());
            return 0;
        } finally {
            Bench.delete(folder);
        }
    }

    private void measure(CassandraServers ring) {
        var servers = ring.nodes().stream().map(CassandraServers.Node::pid).toList();
        var ways = new LinkedHashMap<String, Appends>();
        try {
            open(ring).forEach((name, way) -> ways.put(name, new Appends(way, entities, servers)));
            System.out.println("warming up");
            for (var appends : ways.values()) appends.run("warm-up", 64, Duration.ofSeconds(2L * seconds));
            var suffix =
                    ring.nodes().size() == 1 ? ", 1 node" : ", " + ring.nodes().size() + " nodes";
            for (var count : clients)
                ways.forEach((name, appends) ->
                        print(appends.run(name + " c=" + count + suffix, count, Duration.ofSeconds(seconds))));
            ways.forEach((name, appends) -> {
                if (name.startsWith("Parvi"))
                    print(appends.runHot(name + " hot c=64" + suffix, 64, Duration.ofSeconds(seconds)));
            });
        } finally {
            ways.values().forEach(Appends::close);
        }
    }

    private static Map<String, Way> open(CassandraServers ring) {
        for (var keyspace : List.of("/store", "/journal")) EventStore.migrate(config(ring, keyspace));
        try (var session = DriverWay.session(ring)) {
            StockTables.create(session, STOCK, config(ring, ""));
        }
        var ways = new LinkedHashMap<String, Way>();
        ways.put("plain insert", DriverWay.plainInsert(ring));
        ways.put("conditional batch", DriverWay.conditionalBatch(ring));
        ways.put("Parvi's store", new StoreWay(config(ring, "/store")));
        ways.put("Parvi's journal", new JournalWay("parvi.journal", config(ring, "/journal")));
        ways.put("stock journal", new JournalWay(STOCK + ".journal", config(ring, "")));
        return ways;
    }

    private static Config config(CassandraServers ring, String keyspace) {
        var address =
                ring.contactPoint().getHostString() + ":" + ring.contactPoint().getPort();
        return ConfigFactory.parseMap(Map.of(
                        "parvi.persistence.store",
                        "cassandra://" + address + keyspace,
                        // For the tables: three busy nodes take their time to agree on them.
                        "parvi.persistence.cassandra.request-timeout",
                        "15s",
                        "parvi.persistence.cassandra.resolve-timeout",
                        "30s",
                        STOCK + ".journal.replication-factor",
                        ring.nodes().size(),
                        "datastax-java-driver.basic.contact-points",
                        List.of(address),
                        "datastax-java-driver.basic.load-balancing-policy.local-datacenter",
                        ring.datacenter(),
                        "pekko.loglevel",
                        "WARNING",
                        "pekko.log-dead-letters",
                        "off"))
                .withFallback(ConfigFactory.load());
    }

    private void print(Measurement measurement) {
        System.out.println(report.add(measurement));
    }
}

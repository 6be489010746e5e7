package dev.parvi.persistence.cassandra.server;

import dev.parvi.persistence.cassandra.server.CassandraOptions.CommitLogSync;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The text of {@code cassandra.yaml}. What is not in it is Cassandra's default. */
final class CassandraYaml {
    private static final Map<CommitLogSync, Map<String, String>> SYNC_INTERVALS = Map.of(
            CommitLogSync.PERIODIC, Map.of("commitlog_sync_period", "10s"),
            CommitLogSync.GROUP, Map.of("commitlog_sync_group_window", "10ms"));

    private CassandraYaml() {}

    /** The settings of one node; numbers begin with 1. */
    static String of(int number, RingLayout ring, CassandraOptions options) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("cluster_name", "parvi-dev");
        lines.put("partitioner", "org.apache.cassandra.dht.Murmur3Partitioner");
        lines.put("endpoint_snitch", "SimpleSnitch");
        lines.put("num_tokens", "1");
        lines.put("initial_token", "'" + token(number, ring.nodes()) + "'");
        lines.put("auto_bootstrap", "false");
        lines.put("listen_address", RingLayout.host(number));
        lines.put("rpc_address", RingLayout.host(number));
        lines.put("storage_port", String.valueOf(ring.storagePort()));
        lines.put("native_transport_port", String.valueOf(ring.nativePort()));
        lines.put("paxos_variant", "v2");
        lines.put("hinted_handoff_enabled", "true");
        // Cassandra's own file says so; without it the default is to go on.
        lines.put("disk_failure_policy", "stop");
        lines.put("commitlog_sync", options.commitLogSync().name().toLowerCase(Locale.ROOT));
        lines.putAll(SYNC_INTERVALS.getOrDefault(options.commitLogSync(), Map.of()));
        lines.put("authenticator", options.asksForPassword() ? "PasswordAuthenticator" : "AllowAllAuthenticator");
        lines.put("seed_provider", seeds(ring));
        lines.putAll(options.settings());
        return lines.entrySet().stream()
                .map(line -> line.getKey() + ": " + line.getValue() + "\n")
                .collect(Collectors.joining());
    }

    /** The ring is cut into equal parts. */
    static BigInteger token(int number, int nodes) {
        var part = BigInteger.TWO.pow(64).divide(BigInteger.valueOf(nodes));
        return BigInteger.valueOf(Long.MIN_VALUE).add(part.multiply(BigInteger.valueOf(number - 1L)));
    }

    private static String seeds(RingLayout ring) {
        var addresses =
                ring.hosts().map(host -> host + ":" + ring.storagePort()).collect(Collectors.joining(","));
        return """

                  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                    parameters:
                      - seeds: ADDRESSES""".replace("ADDRESSES", '"' + addresses + '"');
    }
}

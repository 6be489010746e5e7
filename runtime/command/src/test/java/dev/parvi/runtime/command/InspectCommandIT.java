package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a real Cassandra. That its findings are right is tested where they are made. */
class InspectCommandIT {
    private static final String STALE = "11111111-aaaa";
    private static final String FRESH = "22222222-bbbb";

    @TempDir
    static Path folder = Path.of("");

    private static @Nullable CassandraServers servers;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void fill() {
        servers = CassandraServers.start(1, folder, progress -> {});
        try (var session = CqlSession.builder()
                .addContactPoint(servers.contactPoint())
                .withLocalDatacenter("datacenter1")
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Duration.ofSeconds(30))
                        .build())
                .build()) {
            for (var keyspace : new String[] {"sound", "quarrel"}) makeTables(session, keyspace);
            store(session, "sound", "cart|1", 1, STALE);
            store(session, "sound", "cart|1", 2, STALE);
            store(session, "quarrel", "cart|7", 1, STALE);
            store(session, "quarrel", "cart|7", 2, STALE);
            store(session, "quarrel", "cart|7", 2, FRESH);
            store(session, "quarrel", "cart|7", 3, STALE);
            store(session, "quarrel", "cart|7", 3, FRESH);
            store(session, "quarrel", "cart|7", 4, FRESH);
            store(session, "quarrel", "cart|7", 7, FRESH);
        }
    }

    @AfterAll
    static void stop() {
        if (servers != null) servers.close();
    }

    @Test
    void a_sound_journal_ends_with_zero() {
        assertThat(run("inspect", url("sound"))).isZero();
        assertThat(out.toString().replaceAll("\\d+ s\n", "N s\n").lines())
                .containsExactly(
                        "           1  persistence ids                   read in N s",
                        "           2  events",
                        "No number was written twice, and none is missing.");
    }

    @Test
    void what_is_wrong_stands_below_its_persistence_id() {
        assertThat(run("inspect", url("quarrel"))).isEqualTo(StartFailure.Exit.DAMAGE.code());
        var lines = out.toString().lines().toList();
        assertThat(lines.get(0)).isEqualTo("cart|7");
        assertThat(lines.get(1))
                .matches(" {11}2  11111111  \\S+ \\S+  discarded: a newer writer wrote this number too");
        assertThat(lines.get(2)).matches(" {14}22222222  \\S+ \\S+  kept");
        assertThat(lines.get(3)).matches(" {11}3  11111111  \\S+ \\S+  discarded: a newer writer had begun before it");
        assertThat(lines.get(4)).matches(" {14}22222222  \\S+ \\S+  kept");
        assertThat(lines.get(5)).isEqualTo("         5-6  missing");
        assertThat(out.toString())
                .contains("           2  events that replay discards       stored, and not delivered")
                .contains("           1  events that replay does not reach")
                .contains("           2  missing numbers                   in 1 gap");
    }

    @Test
    void a_short_report_says_how_much_it_leaves_out() {
        assertThat(run("inspect", url("quarrel"), "--max", "1")).isEqualTo(StartFailure.Exit.DAMAGE.code());
        assertThat(out.toString()).contains("and 2 more").doesNotContain("missing\n");
    }

    @Test
    void as_json_each_line_is_an_object_and_the_last_is_the_report() {
        assertThat(run("inspect", url("quarrel"), "--json")).isEqualTo(StartFailure.Exit.DAMAGE.code());
        var lines = out.toString().lines().toList();
        assertThat(lines).hasSize(4).allMatch(line -> line.startsWith("{\"kind\":\"") && line.endsWith("}"));
        assertThat(lines.get(0))
                .startsWith(
                        "{\"kind\":\"contested\",\"persistenceId\":\"cart|7\",\"sequenceNr\":2,\"writers\":2,\"rows\":[{")
                .contains("\"writer\":\"" + STALE + "\"")
                .contains("\"fate\":\"overtaken\",\"kept\":false")
                .contains("\"fate\":\"kept\",\"kept\":true");
        assertThat(lines.get(2)).isEqualTo("{\"kind\":\"gap\",\"persistenceId\":\"cart|7\",\"from\":5,\"to\":6}");
        assertThat(lines.get(3))
                .contains("\"kind\":\"report\",\"clean\":false,\"persistenceIds\":1,\"events\":7,\"damagedIds\":1")
                .contains(
                        "\"doubles\":2,\"lost\":3,\"discarded\":2,\"unread\":0,\"notReached\":1,\"gaps\":1,\"missing\":2");
    }

    @Test
    void how_the_application_replays_is_a_setting() {
        assertThat(run("inspect", url("quarrel"), "--set", "parvi.pekko-journal.gap-free-sequence-numbers=off"))
                .isEqualTo(StartFailure.Exit.DAMAGE.code());
        assertThat(out.toString()).contains("           0  events that replay does not reach");
    }

    @Test
    void what_is_not_usable_ends_in_one_sentence() {
        assertThat(run("inspect", url("elsewhere"))).isEqualTo(StartFailure.Exit.MACHINE.code());
        assertThat(err.toString())
                .isEqualTo("parvi: there is no table elsewhere.messages: journals are in quarrel, sound.\n");
        assertThat(run("inspect", "http://127.0.0.1")).isEqualTo(StartFailure.Exit.MACHINE.code());
        assertThat(run("inspect", url("sound"), "--set", "parvi.pekko-journal.parallelism=0"))
                .isEqualTo(StartFailure.Exit.USAGE.code());
        assertThat(run("inspect")).isEqualTo(StartFailure.Exit.USAGE.code());
        assertThat(err.toString().lines()).hasSize(4).allMatch(line -> line.startsWith("parvi: "));
    }

    @Test
    void a_sound_journal_is_taken_over_and_a_node_goes_on_with_it() throws Exception {
        var home = Files.createDirectory(folder.resolve("taken-over"));
        var store = "sqlite:" + home.resolve("data").resolve("parvi.db");
        assertThat(run("import", "--from-journal", url("sound"), "--store", store, "--type", "account"))
                .isZero();
        assertThat(out.toString()).startsWith("Took over 0 entities").contains("left out 1 id,");
        assertThat(run("import", "--from-journal", url("sound"), "--store", store, "--type", "counter"))
                .isZero();
        assertThat(out.toString()).contains("Took over 1 entity with 2 events (0 there before)");
        try (var child = RunningNode.start(home)) {
            var node = RunningNode.awaitReady(home, child);
            assertThat(node.get("1")).contains("2");
            assertThat(node.add("1", 5)).contains("7");
        }
    }

    @Test
    void what_a_replay_cannot_deliver_is_not_taken_over() {
        var store = "sqlite:" + folder.resolve("refused.db");
        assertThat(run("import", "--from-journal", url("quarrel"), "--store", store))
                .isEqualTo(StartFailure.Exit.DAMAGE.code());
        assertThat(err.toString()).contains("cart|7").contains("cannot be replayed");
        assertThat(run("history", "counter/7", "--store", store)).isEqualTo(StartFailure.Exit.USAGE.code());
        assertThat(run("import", "--store", store)).isEqualTo(StartFailure.Exit.USAGE.code());
    }

    private static void makeTables(CqlSession session, String keyspace) {
        session.execute("CREATE KEYSPACE " + keyspace
                + " WITH REPLICATION = {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute("CREATE TABLE " + keyspace + ".messages (persistence_id text, partition_nr bigint, sequence_nr"
                + " bigint, timestamp timeuuid, timebucket text, writer_uuid text, ser_id int, ser_manifest text,"
                + " event_manifest text, event blob, meta_ser_id int, meta_ser_manifest text, meta blob, tags set<text>,"
                + " PRIMARY KEY ((persistence_id, partition_nr), sequence_nr, timestamp))");
        session.execute("CREATE TABLE " + keyspace
                + ".metadata (persistence_id text PRIMARY KEY, deleted_to bigint, properties map<text, text>)");
    }

    private static void store(CqlSession session, String keyspace, String id, long number, String writer) {
        session.execute(
                "INSERT INTO " + keyspace + ".messages (persistence_id, partition_nr, sequence_nr, timestamp,"
                        + " writer_uuid, ser_id, ser_manifest, event_manifest, event)"
                        + " VALUES (?, 0, ?, ?, ?, 20, '', '', 0x61)",
                id,
                number,
                Uuids.timeBased(),
                writer);
    }

    private static String url(String keyspace) {
        if (servers == null) throw new IllegalStateException("not started");
        var address = servers.contactPoint();
        return "cassandra://" + address.getHostString() + ":" + address.getPort() + "/" + keyspace;
    }

    private int run(String... arguments) {
        return Parvi.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}

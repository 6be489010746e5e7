package dev.parvi.runtime.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.runtime.StartFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill of docs/backup.md: export while clients write, lose everything, import, go on. */
class BackupIT {
    private static final Pattern COUNT = Pattern.compile("\"count\":\"?(\\d+)");

    @TempDir
    Path folder;

    private String out = "";
    private String err = "";

    @Test
    void what_was_acknowledged_before_a_backup_is_there_after_everything_else_was_lost() throws Exception {
        int before;
        try (var child = RunningNode.start(folder)) {
            var node = RunningNode.awaitReady(folder, child);
            var acknowledged = new AtomicInteger();
            var isOver = new AtomicBoolean();
            var client = CompletableFuture.runAsync(() -> {
                while (!isOver.get()) {
                    node.add("under-load", 1);
                    acknowledged.incrementAndGet();
                }
            });
            node.add("quiet", 5);
            node.add("quiet", 2);
            while (acknowledged.get() < 100) Thread.sleep(10);
            before = acknowledged.get();
            assertThat(parvi("export", backup(), "--store", store("data"))).isZero();
            assertThat(out).matches("(?s)Exported [23] entities, [\\d,]+ events.*\\.parvi in .*");
            isOver.set(true);
            client.join();
            child.killHard();
        }

        var restored = Files.createDirectory(folder.resolve("restored"));
        assertThat(parvi("import", backup(), "--store", store("restored/data")))
                .as(err)
                .isZero();
        assertThat(parvi("verify", "--keys", "--store", store("restored/data"))).isZero();
        assertThat(out).contains("all sound");
        try (var child = RunningNode.start(restored)) {
            var node = RunningNode.awaitReady(restored, child);
            assertThat(node.get("quiet")).contains("7");
            assertThat(count(node.get("under-load"))).isGreaterThanOrEqualTo(before);
            assertThat(count(node.add("quiet", 1))).isEqualTo(8);
        }
    }

    @Test
    void the_history_of_an_entity_can_be_read_and_damage_is_named() throws Exception {
        try (var child = RunningNode.start(folder)) {
            var node = RunningNode.awaitReady(folder, child);
            for (var n = 1; n <= 4; n++) node.add("alice", n);
            child.killHard();
        }
        var store = store("data");
        assertThat(parvi("history", "counter/alice", "--store", store)).isZero();
        assertThat(out.lines()).hasSize(5);
        assertThat(out).contains("Add", "{\"added\":{\"amount\":\"3\"}}", "counter/alice is at revision 4.");
        assertThat(parvi("history", "counter/alice", "--from", "2", "--max", "2", "--json", "--store", store))
                .isZero();
        assertThat(out.lines()).hasSize(2).allMatch(line -> line.startsWith("{\"revision\":") && line.endsWith("}"));
        assertThat(parvi("history", "counter/alice", "--max", "0", "--store", store))
                .isEqualTo(StartFailure.Exit.USAGE.code());
        assertThat(err).contains("--max must be at least 1, but is 0.");
        assertThat(parvi("history", "counter/bob", "--store", store)).isEqualTo(StartFailure.Exit.USAGE.code());
        assertThat(err).contains("No events of counter/bob are stored.");

        damage(folder.resolve("data/parvi.db"));
        assertThat(parvi("verify", "--store", store)).isEqualTo(StartFailure.Exit.DAMAGE.code());
        assertThat(out)
                .contains("counter/alice at revision 3 is damaged", "Verified 2 entities, 5 events", "1 not as stored");
        assertThat(parvi("verify", "--json", "--store", store)).isEqualTo(StartFailure.Exit.DAMAGE.code());
        assertThat(out)
                .startsWith("{\"entity\":\"counter/alice\",\"revision\":3,\"finding\":\"is damaged")
                .contains("\"findings\":1,");
        assertThat(parvi("history", "counter/alice", "--store", store)).isEqualTo(StartFailure.Exit.DAMAGE.code());
        assertThat(out).contains("{\"amount\":\"2\"}");
        assertThat(err).contains("at revision 3 is damaged");
        assertThat(parvi("export", backup(), "--store", store)).isEqualTo(StartFailure.Exit.DAMAGE.code());
        assertThat(err).contains("at revision 3 is damaged");
    }

    @Test
    void a_store_that_is_not_there_is_not_made_by_reading_it() {
        for (var command : new String[] {"export x", "verify", "history counter/a"}) {
            var arguments = (command + " --store " + store("nowhere")).split(" ");
            assertThat(parvi(arguments)).isEqualTo(StartFailure.Exit.MACHINE.code());
            assertThat(err).contains("There is no store at sqlite:");
        }
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }

    private static int count(String body) {
        var found = COUNT.matcher(body);
        assertThat(found.find()).as(body).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private static void damage(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE event SET checksum = 1 WHERE revision = 3"
                            + " AND entity = (SELECT number FROM entity WHERE id = 'counter/alice')"))
                    .isEqualTo(1);
        }
    }

    private String backup() {
        return folder.resolve("backup.parvi").toString();
    }

    private String store(String data) {
        return "sqlite:" + folder.resolve(data).resolve("parvi.db");
    }

    private int parvi(String... arguments) {
        var answer = new StringWriter();
        var complaint = new StringWriter();
        var code = Parvi.commandLine()
                .setOut(new PrintWriter(answer, true))
                .setErr(new PrintWriter(complaint, true))
                .execute(arguments);
        out = answer.toString();
        err = complaint.toString();
        return code;
    }
}

package dev.parvi.persistence.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.StoreSettings;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import dev.parvi.persistence.postgres.PostgresServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one real store to the next, and back. */
final class TransferIT {
    @TempDir
    Path folder = Path.of("");

    @Test
    void a_file_becomes_cassandra_becomes_postgres_becomes_the_file() {
        try (var file = Stores.file(folder.resolve("first.db"));
                var servers = CassandraServers.start(1, folder.resolve("cassandra"), progress -> {});
                var cassandra = EventStore.open(StoreSettings.config(
                        "store = \"cassandra://" + servers.contactPoint().getHostString() + ":"
                                + servers.contactPoint().getPort() + "/transfer\"",
                        "auto-migrate = on",
                        // So that histories go over several partitions.
                        "cassandra.bucket-events-max = 500"));
                var postgres = PostgresServer.shared().openFresh();
                var last = Stores.file(folder.resolve("last.db"))) {
            Stores.fill(file);
            move(file, cassandra, "1");
            move(cassandra, postgres, "2");
            move(postgres, last, "3");
            assertThat(Stores.differences(file, last)).isEmpty();
            new Verification(cassandra, "", true, Progress.silent(), finding -> {
                        throw new AssertionError(finding);
                    })
                    .run();
        }
    }

    private void move(EventStore from, EventStore to, String name) {
        var path = folder.resolve(name + ".export");
        var exported = new Export(from, "", Progress.silent()).toFile(path);
        assertThat(new Import(to, "", Progress.silent()).from(path)).isEqualTo(exported);
    }
}

package dev.parvi.testkit.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Append;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Record;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** As a user would write it. */
final class OrdersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    static final Cassandra CASSANDRA = Cassandra.nodes(1);

    @Test
    void an_order_is_stored() {
        var settings =
                Map.of("parvi.persistence.store", CASSANDRA.url("orders"), "parvi.persistence.auto-migrate", "on");
        try (var store = EventStore.open(ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load()))) {
            var ordered = new Record(ByteString.copyFromUtf8("ordered"), "");
            assertThat(store.append(new Append("order/1", 0, "writer", List.of(ordered))))
                    .succeedsWithin(PATIENCE)
                    .isEqualTo(new Appended(1));
        }
    }
}

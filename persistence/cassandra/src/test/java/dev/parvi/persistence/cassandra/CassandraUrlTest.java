package dev.parvi.persistence.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.persistence.UnusableStore;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CassandraUrlTest {

    @Test
    void contact_points_and_keyspace_are_read() {
        var url = CassandraUrl.parse("cassandra://127.0.0.1:9142,127.0.0.2/orders");
        assertThat(url.contactPoints())
                .containsExactly(new InetSocketAddress("127.0.0.1", 9142), new InetSocketAddress("127.0.0.2", 9042));
        assertThat(url.keyspace()).isEqualTo("orders");
    }

    @Test
    void the_keyspace_may_be_left_out() {
        assertThat(CassandraUrl.parse("cassandra://127.0.0.1").keyspace()).isEmpty();
        assertThat(CassandraUrl.parse("cassandra://127.0.0.1/").keyspace()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "cassandra:127.0.0.1, is not understood",
        "cassandra://, is not understood",
        "cassandra://h/key-space, is not understood",
        "'cassandra://h1,,h2', has the contact point",
        "cassandra://h:0, has the port 0",
        "cassandra://h:65536, has the port 65536",
        "cassandra://h:x, has the contact point",
    })
    void what_is_wrong_is_named(String url, String what) {
        assertThatThrownBy(() -> CassandraUrl.parse(url))
                .isInstanceOf(UnusableStore.class)
                .hasMessageStartingWith("parvi.persistence.store ")
                .hasMessageContaining(what);
    }

    @Test
    void a_password_is_refused_and_not_repeated() {
        assertThatThrownBy(() -> CassandraUrl.parse("cassandra://alice:secret@h/parvi"))
                .isInstanceOf(UnusableStore.class)
                .hasMessageContaining("parvi.persistence.cassandra.user")
                .hasMessageNotContaining("secret");
    }
}

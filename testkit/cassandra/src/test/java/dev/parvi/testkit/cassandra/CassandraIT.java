package dev.parvi.testkit.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.parvi.persistence.cassandra.server.CassandraFailure;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.EventConditions;
import org.junit.platform.testkit.engine.TestExecutionResultConditions;

/** Runs test classes that use the extension, and looks at the servers that they saw. */
final class CassandraIT {
    /** What the classes below have seen, in order. */
    private static final List<CassandraServers.Node> SEEN = new ArrayList<>();

    @BeforeEach
    void nobodySawAnything() {
        SEEN.clear();
    }

    @Test
    void classes_share_a_server_that_ends_with_the_last_of_them() {
        run(First.class, Second.class).testEvents().assertStatistics(events -> events.succeeded(2));
        assertThat(SEEN).hasSize(2);
        assertThat(SEEN.get(0)).isSameAs(SEEN.get(1));
        assertThat(SEEN.get(0).isAlive()).isFalse();
    }

    @Test
    void a_class_may_break_a_server_of_its_own() {
        run(First.class, Breaking.class, Second.class).testEvents().assertStatistics(events -> events.succeeded(3));
        assertThat(SEEN).hasSize(3);
        assertThat(SEEN.get(1)).isNotSameAs(SEEN.get(0));
        assertThat(SEEN.get(2)).isSameAs(SEEN.get(0));
        assertThat(SEEN).noneMatch(CassandraServers.Node::isAlive);
    }

    @Test
    void without_jars_the_class_fails_with_what_to_do() {
        var property = "parvi.cassandra.lib";
        var before = System.setProperty(property, "nowhere");
        try {
            run(First.class)
                    .containerEvents()
                    .assertThatEvents()
                    .haveExactly(
                            1,
                            EventConditions.finishedWithFailure(
                                    TestExecutionResultConditions.instanceOf(CassandraFailure.class),
                                    TestExecutionResultConditions.message(
                                            text -> text.contains("Cassandra is not in nowhere: fetch it with"))));
        } finally {
            if (before == null) System.clearProperty(property);
            else System.setProperty(property, before);
        }
    }

    @Test
    void two_nodes_are_no_ring() {
        assertThatThrownBy(() -> Cassandra.nodes(2)).hasMessage("a ring has 1 or 3 nodes, not 2");
    }

    @Test
    void a_field_that_junit_does_not_know_says_so() {
        assertThatThrownBy(() -> Cassandra.nodes(1).url("orders")).hasMessageContaining("@RegisterExtension");
    }

    private static EngineExecutionResults run(Class<?>... classes) {
        var kit = EngineTestKit.engine("junit-jupiter");
        for (var each : classes) kit.selectors(selectClass(each));
        return kit.execute();
    }

    static final class First {
        @RegisterExtension
        static final Cassandra CASSANDRA = Cassandra.nodes(1);

        @Test
        void sees_a_server() {
            SEEN.add(CASSANDRA.nodes().get(0));
            assertThat(CASSANDRA.nodes().get(0).isAlive()).isTrue();
            assertThat(CASSANDRA.freshUrl()).isNotEqualTo(CASSANDRA.freshUrl());
        }
    }

    static final class Second {
        @RegisterExtension
        final Cassandra cassandra = Cassandra.nodes(1);

        @Test
        void sees_a_server() {
            SEEN.add(cassandra.nodes().get(0));
            assertThat(cassandra.nodes().get(0).isAlive()).isTrue();
        }
    }

    static final class Breaking {
        @RegisterExtension
        static final Cassandra CASSANDRA = Cassandra.nodes(1).ofItsOwn();

        @Test
        void kills_a_server() {
            var node = CASSANDRA.nodes().get(0);
            SEEN.add(node);
            node.kill();
            assertThat(node.isAlive()).isFalse();
        }
    }
}

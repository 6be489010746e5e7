package dev.parvi.testkit.cassandra;

import dev.parvi.persistence.cassandra.server.CassandraOptions;
import dev.parvi.persistence.cassandra.server.CassandraServers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that gives a test a real Cassandra: {@code @RegisterExtension static final Cassandra CASSANDRA =
 * Cassandra.nodes(1);}. It is started by the first test class that wants it, shared by all that ask for as many nodes, and stopped
 * when the last test of the JVM has run. A test that breaks nodes asks for a ring {@link #ofItsOwn}.
 *
 * <p>If Cassandra cannot be started, because no JDK 17 or no jars are there, the test fails with a sentence that says what to do.
 */
public final class Cassandra implements BeforeAllCallback, BeforeEachCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Cassandra.class);
    private static final AtomicInteger KEYSPACES = new AtomicInteger();

    private final int nodes;
    private final CassandraOptions options;
    private final boolean isShared;
    private volatile @Nullable Ring ring;

    private Cassandra(int nodes, CassandraOptions options, boolean isShared) {
        this.nodes = nodes;
        this.options = options;
        this.isShared = isShared;
    }

    /** One node or three, shared with other test classes: each should use keyspaces of its own. */
    public static Cassandra nodes(int nodes) {
        if (nodes != 1 && nodes != 3) throw new IllegalArgumentException("a ring has 1 or 3 nodes, not " + nodes);
        return new Cassandra(nodes, CassandraOptions.standard(), true);
    }

    /** As many nodes that nobody else sees, for a test that kills or freezes them. They end with the class, or with the test. */
    public Cassandra ofItsOwn() {
        return new Cassandra(nodes, options, false);
    }

    /** The same, but servers that run with these options; so they are of its own. */
    public Cassandra with(CassandraOptions chosen) {
        return new Cassandra(nodes, chosen, false);
    }

    /** What {@code parvi.persistence.store} is to be. The tables are not made yet: migrate, or set {@code auto-migrate}. */
    public String url(String keyspace) {
        var contact = servers().contactPoint();
        return "cassandra://" + contact.getHostString() + ":" + contact.getPort() + "/" + keyspace;
    }

    /** The same, with a keyspace that no test of this JVM has used. */
    public String freshUrl() {
        return url("test" + KEYSPACES.incrementAndGet());
    }

    /** The servers, to kill, freeze, thaw or restart. */
    public List<CassandraServers.Node> nodes() {
        return servers().nodes();
    }

    public CassandraServers servers() {
        var started = ring;
        if (started == null)
            throw new IllegalStateException(
                    "Cassandra is started by JUnit: annotate the field with @RegisterExtension");
        return started.servers();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        start(context);
    }

    /** For a field that is not static. */
    @Override
    public void beforeEach(ExtensionContext context) {
        start(context);
    }

    private void start(ExtensionContext context) {
        var store = (isShared ? context.getRoot() : context).getStore(NAMESPACE);
        Object key = isShared ? nodes : this;
        ring = store.getOrComputeIfAbsent(key, absent -> Ring.start(nodes, options), Ring.class);
    }
}

package dev.parvi.testkit.cluster;

import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.EventStore;
import dev.parvi.testkit.cassandra.Cassandra;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link ClusterTest} brings with it. */
final class ClusterExtension implements ParameterResolver, AfterTestExecutionCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(ClusterExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestCluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(Running.class, absent -> start(context), Running.class)
                .cluster;
    }

    private static Running start(ExtensionContext context) {
        var wanted = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), ClusterTest.class)
                .or(() -> AnnotationSupport.findAnnotation(context.getRequiredTestClass(), ClusterTest.class))
                .orElseThrow();
        var arguments = new ArrayList<>(storeArguments(wanted.store(), context));
        for (var setting : wanted.settings()) arguments.addAll(List.of("--set", setting));
        try {
            var folder = Files.createTempDirectory("parvi-cluster");
            return new Running(folder, TestCluster.start(folder, wanted.nodes(), arguments));
        } catch (IOException noRoom) {
            throw new UncheckedIOException("there is no folder for the nodes' data", noRoom);
        }
    }

    private static List<String> storeArguments(TestStore store, ExtensionContext context) {
        if (store == TestStore.SQLITE) return List.of();
        var cassandra = Cassandra.nodes(1);
        cassandra.beforeAll(context);
        var url = cassandra.freshUrl();
        // Once, and not by all nodes at the same time: Cassandra does not take well to that.
        EventStore.migrate(
                ConfigFactory.parseMap(Map.of("parvi.persistence.store", url)).withFallback(ConfigFactory.load()));
        return List.of("--store", url);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        var running = context.getStore(NAMESPACE).get(Running.class, Running.class);
        if (running != null) context.getExecutionException().ifPresent(running::explain);
    }

    /** A cluster, until JUnit closes the store that holds it. */
    private static final class Running implements AutoCloseable {
        private final Path folder;
        private final TestCluster cluster;
        private boolean isKept;

        Running(Path folder, TestCluster cluster) {
            this.folder = folder;
            this.cluster = cluster;
        }

        void explain(Throwable failure) {
            isKept = true;
            cluster.explain(failure);
        }

        @Override
        public void close() throws IOException {
            cluster.close();
            if (isKept) return;
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
            }
        }
    }
}

package dev.parvi.persistence.cassandra.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The command line of a server. */
final class JavaCommand {
    /** As Cassandra's own {@code jvm17-server.options} has them. */
    private static final List<String> EXPORTS = List.of(
            "java.base/java.lang.ref",
            "java.base/jdk.internal.misc",
            "java.management.rmi/com.sun.jmx.remote.internal.rmi",
            "java.rmi/sun.rmi.registry",
            "java.rmi/sun.rmi.server",
            "java.sql/java.sql",
            "jdk.attach/sun.tools.attach",
            "jdk.compiler/com.sun.tools.javac.file",
            "jdk.unsupported/sun.misc");

    private static final List<String> OPENS = List.of(
            "java.base/java.io",
            "java.base/java.lang",
            "java.base/java.lang.module",
            "java.base/java.lang.reflect",
            "java.base/java.util",
            "java.base/jdk.internal.loader",
            "java.base/jdk.internal.math",
            "java.base/jdk.internal.module",
            "java.base/jdk.internal.ref",
            "java.base/jdk.internal.reflect",
            "java.base/jdk.internal.util.jar",
            "java.base/sun.nio.ch",
            "jdk.compiler/com.sun.tools.javac",
            "jdk.management/com.sun.management.internal");

    /** What makes a start fast. A ring whose tokens are known has nothing to wait for. */
    private static final List<String> PROPERTIES = List.of(
            "jdk.attach.allowAttachSelf=true",
            "io.netty.tryReflectionSetAccessible=true",
            "io.netty.allocator.useCacheForAllThreads=true",
            "io.netty.allocator.maxOrder=11",
            "java.awt.headless=true",
            "file.encoding=UTF-8",
            "cassandra.skip_wait_for_gossip_to_settle=0",
            "cassandra.ring_delay_ms=5000",
            "cassandra.consistent.rangemovement=false",
            "cassandra.superuser_setup_delay_ms=0",
            "cassandra.shutdown_announce_in_ms=200",
            "cassandra-foreground=yes");

    private JavaCommand() {}

    /** {@code folder} is the node's own; its settings must lie there. */
    static List<String> of(Path home, String classPath, Path folder, CassandraOptions options) {
        var command = new ArrayList<String>();
        command.add(home.resolve("bin").resolve("java").toString());
        command.addAll(List.of(
                "-Xms" + options.heapMegabytes() + "m",
                "-Xmx" + options.heapMegabytes() + "m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-UsePerfData",
                "-ea"));
        EXPORTS.forEach(name -> command.addAll(List.of("--add-exports", name + "=ALL-UNNAMED")));
        OPENS.forEach(name -> command.addAll(List.of("--add-opens", name + "=ALL-UNNAMED")));
        Stream.concat(PROPERTIES.stream(), places(folder)).forEach(property -> command.add("-D" + property));
        command.addAll(List.of("-cp", classPath, CassandraNode.class.getName()));
        return command;
    }

    private static Stream<String> places(Path folder) {
        return Stream.of(
                "cassandra.config=" + folder.resolve("cassandra.yaml").toUri(),
                "cassandra.storagedir=" + folder,
                "cassandra.logdir=" + folder.resolve("logs"),
                "logback.configurationFile=" + folder.resolve("logback.xml"),
                "java.io.tmpdir=" + folder.resolve("temporary"));
    }
}

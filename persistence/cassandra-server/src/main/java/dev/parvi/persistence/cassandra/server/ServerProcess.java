package dev.parvi.persistence.cassandra.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The process of one server, and its folder. It may be started again after its end. */
final class ServerProcess {
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(100);
    private static final String READY = "Startup complete";

    private final int number;
    private final InetSocketAddress address;
    private final Path folder;
    private final Path home;
    private final String classPath;
    private final CassandraOptions options;
    private final String yaml;

    private record Run(Process process, ServerLog log, long startedNanos) {}

    private volatile @Nullable Run run;

    ServerProcess(int number, RingLayout ring, Path folder, Path home, String classPath, CassandraOptions options) {
        this.number = number;
        this.address = new InetSocketAddress(RingLayout.host(number), ring.nativePort());
        this.folder = folder.toAbsolutePath().resolve("node-" + number);
        this.home = home;
        this.classPath = classPath;
        this.options = options;
        this.yaml = CassandraYaml.of(number, ring, options);
    }

    InetSocketAddress address() {
        return address;
    }

    /** Starts the process and does not wait for it. */
    void launch() {
        var log = logFile();
        try {
            Files.createDirectories(log.getParent());
            Files.createDirectories(folder.resolve("temporary"));
            Files.writeString(folder.resolve("cassandra.yaml"), yaml);
            Files.writeString(folder.resolve("logback.xml"), ServerLog.logback(log));
            var entries = ServerLog.from(log);
            // What the JVM itself says belongs to the same story.
            var builder = new ProcessBuilder(JavaCommand.of(home, classPath, folder, options))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(options.environments().getOrDefault(number, Map.of()));
            run = new Run(builder.start(), entries, System.nanoTime());
        } catch (IOException e) {
            throw new CassandraFailure("Cassandra cannot be started in " + folder + ": " + e.getMessage() + ".");
        }
    }

    /** Waits until clients can connect; returns a line about it. */
    String awaitServing() {
        await(READY, "serve");
        var seconds =
                Duration.ofNanos(System.nanoTime() - current().startedNanos).toMillis() / 1000.0;
        return String.format(Locale.ROOT, "node %d serves after %.1f s", number, seconds);
    }

    /** Waits until this node knows that all others are up and have their places in the ring: one of them may be known without the other. */
    void awaitSeen(RingLayout ring) {
        ring.hosts().filter(host -> !host.equals(address.getHostString())).forEach(host -> {
            var node = "/" + host + ":" + ring.storagePort();
            await(node + " is now UP", "see " + host);
            await(node + " state NORMAL, token", "learn the tokens of " + host);
        });
    }

    private void await(String text, String what) {
        long deadline = current().startedNanos + options.startWithin().toNanos();
        while (!current().log.says(text)) {
            if (!isAlive())
                throw new CassandraFailure("Node " + number + " of Cassandra ended with "
                        + current().process.exitValue() + " while starting: "
                        + log().lastError().orElse("it said nothing") + "; see " + logFile() + ".");
            if (System.nanoTime() > deadline)
                throw new CassandraFailure("Node " + number + " of Cassandra did not " + what + " within "
                        + options.startWithin().toSeconds() + "s; see " + logFile() + ".");
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_INTERVAL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CassandraFailure("Interrupted while Cassandra was starting.");
        }
    }

    boolean isAlive() {
        var last = run;
        return last != null && last.process.isAlive();
    }

    long pid() {
        return current().process.pid();
    }

    ServerLog log() {
        return current().log;
    }

    void kill() {
        current().process.destroyForcibly();
        awaitStopped(Duration.ofSeconds(10));
    }

    /** A frozen process would never hear of it, so it is thawed. */
    void askToStop() {
        if (!isAlive()) return;
        signal("CONT");
        current().process.destroy();
    }

    void awaitStopped(Duration atMost) {
        if (!isAlive()) return;
        var process = current().process;
        try {
            if (process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) return;
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The shell's own {@code kill}, since not every system has the program. */
    void signal(String name) {
        try {
            var exit = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
            if (exit != 0 && isAlive()) throw new IllegalStateException("No signal " + name + " to " + this);
        } catch (IOException e) {
            throw new IllegalStateException("No signal " + name + " to " + this, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Run current() {
        var last = run;
        if (last == null) throw new IllegalStateException("node " + number + " was never started");
        return last;
    }

    private Path logFile() {
        return folder.resolve("logs").resolve("cassandra.log");
    }

    @Override
    public String toString() {
        return "node " + number + "  pid " + (run == null ? "-" : String.valueOf(pid())) + "  "
                + address.getHostString() + ":" + address.getPort();
    }
}

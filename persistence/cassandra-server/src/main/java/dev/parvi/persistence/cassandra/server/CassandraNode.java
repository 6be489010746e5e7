package dev.parvi.persistence.cassandra.server;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;

/**
 * The main class of a server's process: Cassandra's daemon, which stops when standard input ends. A parent that dies, however it
 * dies, closes that pipe. Cassandra is not on the class path of this module, hence the call by name.
 */
final class CassandraNode {
    private static final String DAEMON = "org.apache.cassandra.service.CassandraDaemon";
    private static final Duration STOP_MAX = Duration.ofSeconds(15);

    private CassandraNode() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        startDaemonThread("parvi-parent", CassandraNode::stopWithParent);
        try {
            Class.forName(DAEMON).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("Cassandra does not start", e.getCause());
        }
    }

    private static void stopWithParent() {
        try {
            while (System.in.read() >= 0) continue;
        } catch (IOException e) {
            // The pipe is as good as closed.
        }
        startDaemonThread("parvi-halt", CassandraNode::haltSoon);
        System.exit(0);
    }

    private static void haltSoon() {
        try {
            Thread.sleep(STOP_MAX.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(1);
    }

    private static void startDaemonThread(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}

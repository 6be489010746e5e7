package dev.parvi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Thousands of connections that waste a server's time, from one thread. Each does a little now and then, as {@code slowhttptest} does, and
 * one that the server cuts comes again.
 */
final class SlowClients implements AutoCloseable {
    /** What they are slow at. */
    enum Kind {
        /** A head that never ends: a header line now and then. */
        HEADER("GET %s HTTP/1.1\r\nHost: slow\r\n", "X-Slow: yes\r\n"),
        /** A body that never ends: a byte now and then. */
        BODY("POST %s HTTP/1.1\r\nHost: slow\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n", " "),
        /** A long answer, asked for again and again, and read byte by byte. */
        READ("GET %s HTTP/1.1\r\nHost: slow\r\n\r\n".repeat(10), "G");

        private final String first;
        private final String drip;

        Kind(String first, String drip) {
            this.first = first;
            this.drip = drip;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private ByteBuffer first(String path) {
            return bytes(first.replace("%s", path));
        }

        private static ByteBuffer bytes(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static final long DRIP_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int OPENED_A_SECOND = 200;
    private static final int RECEIVE_BUFFER_BYTES = 1024;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final InetSocketAddress server;
    private final Kind kind;
    private final String path;
    private final int count;
    private final Selector selector;
    private final Thread thread;
    private final List<Slow> slow = new ArrayList<>();
    private final long startedNanos = System.nanoTime();
    private long opened;
    private volatile boolean closing;
    private volatile int connected;
    private volatile long cut;

    private SlowClients(InetSocketAddress server, Kind kind, String path, int count) throws IOException {
        this.server = server;
        this.kind = kind;
        this.path = path;
        this.count = count;
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "slow-clients");
    }

    static SlowClients start(InetSocketAddress server, Kind kind, String path, int count) {
        try {
            var clients = new SlowClients(server, kind, path, count);
            clients.thread.setDaemon(true);
            clients.thread.start();
            return clients;
        } catch (IOException failure) {
            throw new UncheckedIOException("the slow clients cannot start", failure);
        }
    }

    /** How many are connected, as far as they know. */
    int connected() {
        return connected;
    }

    /** How many connections the server has ended so far. */
    long cut() {
        return cut;
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        try {
            thread.join(CLOSE_MAX.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                open();
                selector.select(20);
                for (var key : selector.selectedKeys()) ((Slow) key.attachment()).onReady(key);
                selector.selectedKeys().clear();
                drip();
            }
            for (var each : slow) each.channel.close();
            selector.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("the slow clients failed", failure);
        }
    }

    private void open() throws IOException {
        var allowed = OPENED_A_SECOND * (System.nanoTime() - startedNanos) / TimeUnit.SECONDS.toNanos(1);
        for (; opened < allowed; opened++) if (slow.size() < count) slow.add(new Slow());
    }

    private void drip() throws IOException {
        var now = System.nanoTime();
        var open = 0;
        for (var each : slow) {
            if (each.dueNanos - now <= 0) each.drip(now);
            if (each.channel.isConnected()) open++;
        }
        slow.removeIf(each -> !each.channel.isOpen());
        connected = open;
    }

    /** One of them. */
    private final class Slow {
        private final SocketChannel channel;
        private final ByteBuffer rest = kind.first(path);
        private long dueNanos = System.nanoTime() + DRIP_NANOS;

        Slow() throws IOException {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            if (kind == Kind.READ) channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.connect(server);
            channel.register(selector, SelectionKey.OP_CONNECT, this);
        }

        void onReady(SelectionKey key) throws IOException {
            try {
                if (key.isConnectable() && channel.finishConnect())
                    key.interestOps(kind == Kind.READ ? 0 : SelectionKey.OP_READ);
                if (key.isValid() && key.isReadable() && channel.read(ByteBuffer.allocate(4096)) < 0) end();
                if (rest.hasRemaining() && channel.isConnected()) channel.write(rest);
            } catch (IOException | CancelledKeyException gone) {
                end();
            }
        }

        void drip(long nowNanos) throws IOException {
            dueNanos = nowNanos + DRIP_NANOS;
            if (!channel.isConnected()) return;
            try {
                if (rest.hasRemaining()) channel.write(rest);
                else channel.write(Kind.bytes(kind.drip));
                if (kind == Kind.READ) readByte();
            } catch (IOException gone) {
                end();
            }
        }

        private void readByte() throws IOException {
            if (channel.read(ByteBuffer.allocate(1)) < 0) end();
        }

        private void end() throws IOException {
            if (!channel.isOpen()) return;
            channel.close();
            cut = cut + 1;
        }
    }
}

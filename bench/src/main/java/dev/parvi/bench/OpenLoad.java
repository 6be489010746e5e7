package dev.parvi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Durable commands at a rate that does not care for the answers, over many connections, from one thread. A command that finds no free
 * connection within the clients' patience is given up.
 */
final class OpenLoad {
    private static final long PATIENCE_NANOS = 2_000_000_000;
    private static final String BODY = "{\"amount\":1}";
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int SAMPLES_MAX = 4_000_000;

    private final InetSocketAddress server;
    private final int keys;
    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Caller> callers = new ArrayList<>();
    private final ArrayDeque<Caller> free = new ArrayDeque<>();
    private final long[] admittedNanos = new long[SAMPLES_MAX];
    private int admitted;
    private long refused;
    private long broken;
    private long givenUp;

    private OpenLoad(InetSocketAddress server, int keys) {
        this.server = server;
        this.keys = keys;
    }

    static Result run(InetSocketAddress server, int connections, double perSecond, int keys, Duration time) {
        try (var selector = Selector.open()) {
            var load = new OpenLoad(server, keys);
            for (var n = 0; n < connections; n++) load.callers.add(load.new Caller(selector));
            load.drive(selector, perSecond, time);
            for (var caller : load.callers) caller.channel.close();
            return load.result(time);
        } catch (IOException failure) {
            throw new UncheckedIOException("the load broke off", failure);
        }
    }

    private void drive(Selector selector, double perSecond, Duration time) throws IOException {
        free.addAll(callers);
        var started = System.nanoTime();
        var sent = 0L;
        while (true) {
            var elapsed = System.nanoTime() - started;
            if (elapsed > time.toNanos()) return;
            var due = (long) (elapsed * perSecond / 1e9);
            var tooLate = (long) ((elapsed - PATIENCE_NANOS) * perSecond / 1e9);
            if (sent < tooLate) {
                givenUp += tooLate - sent;
                sent = tooLate;
            }
            for (; sent < due && !free.isEmpty(); sent++) free.poll().send();
            selector.select(1);
            for (var key : selector.selectedKeys()) ((Caller) key.attachment()).receive();
            selector.selectedKeys().clear();
        }
    }

    private Result result(Duration time) {
        var sorted = Arrays.copyOf(admittedNanos, admitted);
        Arrays.sort(sorted);
        var seconds = time.toNanos() / 1e9;
        return new Result(admitted / seconds, refused / seconds, givenUp / seconds, broken, sorted);
    }

    /** One connection of a client, with at most one command under way. */
    private final class Caller {
        private final Selector selector;
        private final ByteBuffer answer = ByteBuffer.allocate(4096);
        private SocketChannel channel;
        private long sentNanos;

        Caller(Selector selector) throws IOException {
            this.selector = selector;
            this.channel = connect();
        }

        private SocketChannel connect() throws IOException {
            var opened = SocketChannel.open(server);
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.register(selector, SelectionKey.OP_READ, this);
            return opened;
        }

        void send() throws IOException {
            sentNanos = System.nanoTime();
            answer.clear();
            var request = "POST /account/" + random.nextInt(keys) + "/deposit HTTP/1.1\r\nHost: h\r\nContent-Length: "
                    + BODY.length() + "\r\n\r\n" + BODY;
            try {
                channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
            } catch (IOException gone) {
                again();
            }
        }

        void receive() throws IOException {
            try {
                if (channel.read(answer) < 0) again();
                else if (isWhole()) done();
            } catch (IOException gone) {
                again();
            }
        }

        private void again() throws IOException {
            broken++;
            channel.close();
            channel = connect();
            free.add(this);
        }

        /** The last byte of every answer here is a brace, and none before. */
        private boolean isWhole() {
            return answer.position() > 0 && answer.get(answer.position() - 1) == '}';
        }

        private void done() {
            if (answer.get(STATUS_AT) == '2') {
                if (admitted < SAMPLES_MAX) admittedNanos[admitted++] = System.nanoTime() - sentNanos;
            } else refused++;
            free.add(this);
        }
    }

    /**
     * What became of the commands.
     *
     * @param goodput commands a second that were carried out
     * @param refused commands a second that were refused
     * @param givenUp commands a second for which the clients had no connection in time
     * @param broken connections that were cut
     * @param nanos how long those that were carried out took, ascending
     */
    record Result(double goodput, double refused, double givenUp, long broken, long[] nanos) {
        double percentile(double part) {
            return nanos.length == 0 ? 0 : nanos[(int) ((nanos.length - 1) * part)] / 1e6;
        }
    }
}

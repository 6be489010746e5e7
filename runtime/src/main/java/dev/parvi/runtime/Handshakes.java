package dev.parvi.runtime;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel of a node's machine says of its port. A process that is frozen, starved or collecting garbage is still connected
 * to: the kernel accepts for it. A port that refuses has no process; one that says nothing has no machine, or no way to it.
 */
final class Handshakes {
    enum Answer {
        ACCEPTED,
        REFUSED,
        NONE
    }

    private final @Nullable InetSocketAddress from;
    private final Duration patience;

    /** Connects from this address, if there is one, and waits so long for answers. */
    Handshakes(@Nullable InetSocketAddress from, Duration patience) {
        this.from = from;
        this.patience = patience;
    }

    /** Connects to all at once, says nothing, and hangs up. Takes until all have answered, or the patience is over. */
    Map<InetSocketAddress, Answer> with(Collection<InetSocketAddress> ports) throws IOException {
        Map<InetSocketAddress, Answer> answers = new HashMap<>();
        try (var selector = Selector.open()) {
            try {
                for (var port : ports) answers.put(port, begin(port, selector));
                collect(selector, answers);
            } finally {
                for (var key : selector.keys()) key.channel().close();
            }
        }
        return answers;
    }

    /** A channel that has its answer at once need not be selected. */
    private Answer begin(InetSocketAddress port, Selector selector) throws IOException {
        var channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            if (from != null) channel.bind(from);
            if (!channel.connect(port)) {
                channel.register(selector, SelectionKey.OP_CONNECT, port);
                return Answer.NONE;
            }
            channel.close();
            return Answer.ACCEPTED;
        } catch (ConnectException refused) {
            channel.close();
            return Answer.REFUSED;
        } catch (IOException | UnresolvedAddressException unreachable) {
            channel.close();
            return Answer.NONE;
        }
    }

    private void collect(Selector selector, Map<InetSocketAddress, Answer> answers) throws IOException {
        var until = System.nanoTime() + patience.toNanos();
        for (var open = selector.keys().size(); open > 0; ) {
            var left = Duration.ofNanos(until - System.nanoTime()).toMillis();
            if (left <= 0 || selector.select(left) == 0) return;
            for (var key : selector.selectedKeys()) {
                answers.put((InetSocketAddress) key.attachment(), finish(key));
                key.cancel();
                open--;
            }
            selector.selectedKeys().clear();
        }
    }

    private static Answer finish(SelectionKey key) {
        try (var channel = (SocketChannel) key.channel()) {
            return channel.finishConnect() ? Answer.ACCEPTED : Answer.NONE;
        } catch (ConnectException refused) {
            return Answer.REFUSED;
        } catch (IOException unreachable) {
            return Answer.NONE;
        }
    }
}

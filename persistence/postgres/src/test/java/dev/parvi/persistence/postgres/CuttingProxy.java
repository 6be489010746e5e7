package dev.parvi.persistence.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/** Lies between store and server, and loses connections at the worst moment: when the commit passes by. */
final class CuttingProxy implements AutoCloseable {
    /** What to do with the next commit. */
    enum Fault {
        NONE,
        /** The server never sees the commit, and the connection is lost on both sides. */
        LOSE_COMMIT,
        /** The server never sees the commit, and goes on waiting for it. */
        KEEP_COMMIT,
        /** The server commits, and the answer is lost. */
        LOSE_ANSWER
    }

    /** The driver sends the word once a connection, and its name for it from then on. */
    private static final Pattern PREPARED_COMMIT = Pattern.compile("(S_\\d+)\0COMMIT\0");

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int target;
    private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    private volatile Fault next = Fault.NONE;

    CuttingProxy(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    void next(Fault fault) {
        next = fault;
    }

    boolean hasStruck() {
        return next == Fault.NONE;
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var socket : List.copyOf(sockets)) socket.close();
    }

    private void accept() throws IOException {
        while (true) {
            var client = door.accept();
            var server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(client);
            sockets.add(server);
            start(() -> toServer(client, server));
            start(() -> toClient(server, client));
        }
    }

    private void toServer(Socket client, Socket server) throws IOException {
        var commit = "COMMIT";
        var buffer = new byte[1 << 16];
        var input = client.getInputStream();
        for (var count = input.read(buffer); count >= 0; count = input.read(buffer)) {
            var text = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
            var prepared = PREPARED_COMMIT.matcher(text);
            if (prepared.find()) commit = prepared.group(1);
            var fault = next;
            if (fault != Fault.NONE && text.contains("\0" + commit + "\0")) {
                next = Fault.NONE;
                client.close();
                if (fault == Fault.LOSE_ANSWER) server.getOutputStream().write(buffer, 0, count);
                if (fault == Fault.LOSE_COMMIT) server.close();
                return;
            }
            server.getOutputStream().write(buffer, 0, count);
        }
        server.close();
    }

    private static void toClient(Socket server, Socket client) throws IOException {
        server.getInputStream().transferTo(client.getOutputStream());
        client.close();
    }

    private static void start(Traffic traffic) {
        var thread = new Thread(() -> {
            try {
                traffic.run();
            } catch (IOException ended) {
                // Connections end, here more often than elsewhere.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Traffic {
        void run() throws IOException;
    }
}

package dev.parvi.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A connection to the node that is opened again whenever it ends. */
final class Connection {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: (\\d+)\r\n", Pattern.CASE_INSENSITIVE);

    private final InetSocketAddress address;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    Connection(InetSocketAddress address) {
        this.address = address;
    }

    /** The answer, or an empty text if the connection ended without one. Fails if none comes for long. */
    String send(byte[] request) throws IOException {
        try {
            var open = open();
            open.getOutputStream().write(request);
            open.getOutputStream().flush();
            var isWhole = RequestText.isWhole(request);
            // Else the server would wait for the rest.
            if (!isWhole) open.shutdownOutput();
            var answer = read(in == null ? InputStream.nullInputStream() : in, RequestText.isHead(request));
            if (!isWhole || answer.isEmpty() || mustClose(answer)) close();
            return answer;
        } catch (SocketTimeoutException silence) {
            close();
            throw silence;
        } catch (IOException cut) {
            close();
            return "";
        }
    }

    private Socket open() throws IOException {
        if (socket != null) return socket;
        var fresh = new Socket();
        fresh.setSoTimeout(PATIENCE_MILLIS);
        fresh.setTcpNoDelay(true);
        fresh.connect(address, PATIENCE_MILLIS);
        socket = fresh;
        in = new BufferedInputStream(fresh.getInputStream());
        return fresh;
    }

    /** The next request is sent on a new one. */
    void close() throws IOException {
        if (socket != null) socket.close();
        socket = null;
        in = null;
    }

    /** A stream has no end, and behind a 4xx the server may read no more. */
    private static boolean mustClose(String answer) {
        var head = answer.toLowerCase(Locale.ROOT);
        return head.contains("\r\nconnection: close\r\n")
                || !LENGTH.matcher(answer).find();
    }

    private static String read(InputStream in, boolean hasNoBody) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var end = 0;
        while (end < 4) {
            var next = in.read();
            if (next < 0) return bytes.toString(StandardCharsets.UTF_8);
            bytes.write(next);
            end = next == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : next == '\r' ? 1 : 0;
        }
        if (hasNoBody) return bytes.toString(StandardCharsets.UTF_8);
        var length = LENGTH.matcher(bytes.toString(StandardCharsets.UTF_8));
        if (length.find()) bytes.write(in.readNBytes(Integer.parseInt(length.group(1))));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

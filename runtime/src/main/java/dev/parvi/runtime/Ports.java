package dev.parvi.runtime;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out early whether a port can be had, so that the mistake is one sentence and not a stack trace. */
public final class Ports {
    private Ports() {}

    /** Throws {@link StartFailure} if another process listens there. Port 0 is always free. */
    public static void requireFree(String host, int port, String key) {
        if (port == 0) return;
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (BindException e) {
            throw inUse(host, port, key);
        } catch (IOException e) {
            throw StartFailure.of(
                    StartFailure.Exit.MACHINE, key + ".host " + host + " is not an address of this machine.");
        }
    }

    static StartFailure inUse(String host, int port, String key) {
        return StartFailure.of(
                StartFailure.Exit.MACHINE,
                "Port " + port + " on " + host + " is taken by another process: choose another with " + key
                        + ".port, or 0 for a free one.");
    }

    /** How to reach what listens there. */
    public static String url(InetSocketAddress address) {
        return "http://" + address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}

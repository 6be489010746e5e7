package dev.parvi.scenarios;

import java.io.IOException;
import java.util.List;

/**
 * Cuts one address of loopback off from the others of its network, both ways, and mends it again. What else the process at that
 * address talks to is left alone: its clients and its store. Needs root on Linux and {@code iptables}.
 */
final class Cut implements AutoCloseable {
    private final List<List<String>> rules;

    private Cut(List<List<String>> rules) {
        this.rules = rules;
    }

    /** Whether this machine lets us. */
    static boolean isPossible() {
        return run(List.of("iptables", "-w", "-L", "INPUT", "-n")) == 0;
    }

    static Cut between(String address, String network) {
        var cut = new Cut(List.of(List.of("-s", address, "-d", network), List.of("-s", network, "-d", address)));
        cut.apply("-I");
        return cut;
    }

    @Override
    public void close() {
        apply("-D");
    }

    private void apply(String what) {
        for (var rule : rules) {
            var exit = run(List.of(
                    "iptables",
                    "-w",
                    what,
                    "INPUT",
                    "-i",
                    "lo",
                    rule.get(0),
                    rule.get(1),
                    rule.get(2),
                    rule.get(3),
                    "-j",
                    "DROP"));
            if (exit != 0) throw new IllegalStateException("iptables " + what + " " + rule + " ended with " + exit);
        }
    }

    private static int run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor();
        } catch (IOException missing) {
            return -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }
}

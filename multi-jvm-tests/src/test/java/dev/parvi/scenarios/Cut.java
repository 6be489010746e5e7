package dev.parvi.scenarios;

import java.io.IOException;
import java.util.ArrayList;
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
        var cut = new Cut(rules(address, network));
        cut.apply("-I");
        return cut;
    }

    /** Mends what a run left behind that was killed within its cut: nodes would look for each other in vain. */
    static void mendLeftovers(String address, String network) {
        for (var rule : rules(address, network)) {
            var isLeft = true;
            while (isLeft) isLeft = change("-D", rule) == 0;
        }
    }

    private static List<List<String>> rules(String address, String network) {
        return List.of(List.of("-s", address, "-d", network), List.of("-s", network, "-d", address));
    }

    @Override
    public void close() {
        apply("-D");
    }

    private void apply(String what) {
        for (var rule : rules) {
            var exit = change(what, rule);
            if (exit != 0) throw new IllegalStateException("iptables " + what + " " + rule + " ended with " + exit);
        }
    }

    private static int change(String what, List<String> rule) {
        var command = new ArrayList<>(List.of("iptables", "-w", what, "INPUT", "-i", "lo"));
        command.addAll(rule);
        command.addAll(List.of("-j", "DROP"));
        return run(command);
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

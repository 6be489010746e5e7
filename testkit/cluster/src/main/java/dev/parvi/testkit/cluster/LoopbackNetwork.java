package dev.parvi.testkit.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * The network between the nodes of one cluster: each has an address of its own in a corner of loopback, and a chain of {@code iptables}
 * says what is not let through. Whatever does not go from one of these addresses to another, such as clients and the store, is let alone.
 */
final class LoopbackNetwork implements AutoCloseable {
    private static final Pattern CHAIN = Pattern.compile("-N (PARVI-(\\d+)-\\d+)");
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static final int CORNERS = 250;

    private final String corner;
    private final String chain;
    private boolean hasChain;

    private LoopbackNetwork(String corner, String chain) {
        this.corner = corner;
        this.chain = chain;
    }

    /** A corner that hardly any other process uses, and no other cluster of this one. */
    static LoopbackNetwork create() {
        var pid = ProcessHandle.current().pid();
        var number = CLUSTERS.incrementAndGet();
        var corner = "127." + (1 + pid % CORNERS) + '.' + (1 + (pid / CORNERS + number) % CORNERS) + '.';
        return new LoopbackNetwork(isLinux() ? corner : "", "PARVI-" + pid + '-' + number);
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    }

    /** What this machine would need for faults of the network; empty if it has all. */
    static String missing() {
        if (!isLinux()) return "Linux";
        return run("-L", "INPUT", "-n") == 0 ? "" : "root and iptables";
    }

    /** The address of a node. Others than Linux have only one on loopback. */
    String hostOf(String node) {
        return corner.isEmpty() ? "127.0.0.1" : corner + (1 + node.charAt(0) - 'A');
    }

    /** From now on nothing gets through on these ways. */
    void cut(Collection<Link> links) {
        begin();
        for (var link : links) change(rule("-A", link, List.of()));
    }

    /** From now on a share of the packets does not get through on this way. */
    void lose(Link link, double share) {
        begin();
        var random = List.of("-m", "statistic", "--mode", "random", "--probability", String.valueOf(share));
        change(rule("-A", link, random));
    }

    /** One cut of each of these ways ends, and no other. Does nothing if all was healed meanwhile. */
    void mend(Collection<Link> links) {
        if (hasChain) for (var link : links) run(rule("-D", link, List.of()));
    }

    private String[] rule(String change, Link link, List<String> match) {
        var rule = new ArrayList<>(List.of(change, chain, "-s", hostOf(link.from()), "-d", hostOf(link.to())));
        rule.addAll(match);
        rule.addAll(List.of("-j", "DROP"));
        return rule.toArray(String[]::new);
    }

    /** Everything gets through again. */
    void heal() {
        if (hasChain) change("-F", chain);
    }

    @Override
    public void close() {
        if (hasChain) remove(chain);
        hasChain = false;
    }

    private void begin() {
        if (hasChain) return;
        removeLeftovers();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        change("-N", chain);
        hasChain = true;
        change("-I", "INPUT", "-i", "lo", "-j", chain);
    }

    /** What a test left behind whose process was killed within a cut. */
    private static void removeLeftovers() {
        var chains = CHAIN.matcher(output("-S"));
        while (chains.find())
            if (ProcessHandle.of(Long.parseLong(chains.group(2))).isEmpty()) remove(chains.group(1));
    }

    private static void remove(String chain) {
        run("-D", "INPUT", "-i", "lo", "-j", chain);
        run("-F", chain);
        run("-X", chain);
    }

    private static void change(String... arguments) {
        var exit = run(arguments);
        if (exit != 0)
            throw new IllegalStateException("iptables " + String.join(" ", arguments) + " ended with " + exit);
    }

    private static int run(String... arguments) {
        try {
            var process = start(arguments);
            process.getInputStream().readAllBytes();
            return process.waitFor();
        } catch (IOException missing) {
            return -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static String output(String... arguments) {
        try {
            return new String(start(arguments).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException missing) {
            return "";
        }
    }

    private static Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of("iptables", "-w"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}

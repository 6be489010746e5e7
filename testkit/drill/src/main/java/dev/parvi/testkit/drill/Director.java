package dev.parvi.testkit.drill;

import dev.parvi.testkit.TestNode;
import dev.parvi.testkit.cluster.Fault;
import dev.parvi.testkit.cluster.TestCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Makes a schedule happen, and looks after the nodes as a StatefulSet does: one that ended by itself, which a node should do that was cut
 * off or frozen, is started again once the episode is over. Each episode begins with all nodes up. One thread.
 */
final class Director {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration READY_MAX = Duration.ofSeconds(90);
    private static final int STARTS_MAX = 3;

    private final TestCluster cluster;
    private final List<String> names;
    private final Chronicle chronicle;
    private final Consumer<String> onFrozen;
    private final Set<String> down = ConcurrentHashMap.newKeySet();
    private final Set<String> frozen = new HashSet<>();
    private final Set<String> starved = new HashSet<>();
    private final Set<String> failures = new LinkedHashSet<>();
    private Duration late = Duration.ZERO;
    private boolean isCut;
    private volatile boolean isStopped;

    /** @param onFrozen is told of a node that was frozen, and again before it is thawed */
    Director(TestCluster cluster, int count, Chronicle chronicle, Consumer<String> onFrozen) {
        this.cluster = cluster;
        this.names = Script.names(count);
        this.chronicle = chronicle;
        this.onFrozen = onFrozen;
    }

    /** The drill is to end early: what waits returns soon. */
    void stop() {
        isStopped = true;
    }

    /** What should not have happened to a node, in sentences. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /**
     * Plays what the time is enough for. When nodes take longer than expected, all that follows is later by as much; an episode that
     * would begin after the end is left out.
     *
     * @return how many episodes were played to their end
     */
    int play(Schedule schedule, Duration end) throws InterruptedException {
        var played = 0;
        for (var episode : schedule.episodes()) {
            if (!waitUntil(episode.begin().plus(late), true)
                    || chronicle.elapsed().compareTo(end) > 0) break;
            settle();
            for (var step : episode.steps()) {
                if (!waitUntil(step.at().plus(late), false)) break;
                late = max(late, chronicle.elapsed().minus(step.at()));
                apply(step.fault());
            }
            if (isStopped) break;
            played++;
        }
        waitUntil(end, true);
        return played;
    }

    /** Undoes whatever is not undone, and waits until all nodes are ready. */
    void repair() throws InterruptedException {
        if (isCut) apply(Fault.heal());
        for (var name : List.copyOf(starved)) apply(Fault.feed(name));
        for (var name : List.copyOf(frozen)) apply(Fault.thaw(name));
        settle();
    }

    /** Notices what has ended by itself. From any thread. */
    void look() {
        for (var name : names) {
            if (cluster.node(name).isAlive() || !down.add(name)) continue;
            var code = cluster.node(name).exitCode();
            var why = code == 0 && isStopped ? ": it was told to stop, as by the Ctrl-C of a terminal" : "";
            chronicle.note(name, name + " ended by itself, with exit code " + code + why);
        }
    }

    /** The same, and starts it again. */
    void lookAndStart() throws InterruptedException {
        look();
        if (!down.isEmpty()) start(new TreeSet<>(down));
    }

    private void settle() throws InterruptedException {
        lookAndStart();
        var until = System.nanoTime() + READY_MAX.toNanos();
        for (var name : names) {
            while (!isReady(name)) {
                if (System.nanoTime() > until) {
                    failures.add(name + " was not ready " + READY_MAX.toSeconds() + " s after the repair");
                    return;
                }
                Thread.sleep(LOOK.toMillis());
                lookAndStart();
            }
        }
    }

    private boolean isReady(String name) {
        try {
            return TestNode.send("GET", cluster.node(name).managementUrl() + "/ready", "")
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void start(Set<String> wanted) throws InterruptedException {
        var missing = new TreeSet<>(wanted);
        for (var attempt = 1; attempt <= STARTS_MAX && !missing.isEmpty(); attempt++) startOnce(missing);
        for (var name : missing) failures.add(name + " did not start in " + STARTS_MAX + " attempts");
        down.removeAll(wanted);
    }

    /** Takes away those that are ready. */
    private void startOnce(Set<String> missing) {
        var begun = System.nanoTime();
        var fault = Fault.restart(missing.toArray(String[]::new));
        chronicle.fault(fault.toString());
        try {
            cluster.apply(fault);
        } catch (IllegalStateException unready) {
            chronicle.note("", "not all have started: " + firstLine(unready));
        }
        for (var name : List.copyOf(missing)) {
            if (!isReady(name)) continue;
            missing.remove(name);
            chronicle.note(
                    name,
                    String.format(
                            Locale.ROOT,
                            "%s is ready, %.1f s after its start",
                            name,
                            (System.nanoTime() - begun) / 1e9));
        }
    }

    private void apply(Fault fault) throws InterruptedException {
        var words = fault.toString().split(" ");
        var node = words.length > 1 ? words[1] : "";
        if (words[0].equals("restart")) {
            start(List.of(words).stream().filter(names::contains).collect(Collectors.toSet()));
            return;
        }
        if (words[0].equals("thaw")) {
            onFrozen.accept(node);
            Thread.sleep(LOOK.toMillis());
        }
        chronicle.fault(fault.toString());
        // Before it is: whoever looks is not to take it for an end by itself.
        if (words[0].equals("kill") || words[0].equals("terminate")) down.add(node);
        cluster.apply(fault);
        switch (words[0]) {
            case "kill", "terminate" -> frozen.remove(node);
            case "freeze" -> {
                frozen.add(node);
                onFrozen.accept(node);
            }
            case "thaw" -> frozen.remove(node);
            case "starve" -> starved.add(node);
            case "feed" -> starved.remove(node);
            case "flap" -> {}
            default -> isCut = !words[0].equals("heal");
        }
    }

    /** False if the drill is to end early. */
    private boolean waitUntil(Duration at, boolean startsNodes) throws InterruptedException {
        while (!isStopped && chronicle.elapsed().compareTo(at) < 0) {
            if (startsNodes) lookAndStart();
            else look();
            var left = at.minus(chronicle.elapsed());
            Thread.sleep(Math.max(1, Math.min(LOOK.toMillis(), left.toMillis())));
        }
        return !isStopped;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}

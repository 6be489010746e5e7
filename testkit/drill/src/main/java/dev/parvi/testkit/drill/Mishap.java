package dev.parvi.testkit.drill;

import dev.parvi.testkit.cluster.Fault;
import dev.parvi.testkit.cluster.Fault.Needs;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What can go wrong in a drill, each with its repair. */
enum Mishap {
    KILL_ONE("one node is killed", 1, Needs.PROCESSES, script -> killed(script, 1)),
    KILL_TWO("two nodes are killed at once", 3, Needs.PROCESSES, script -> killed(script, 2)),
    KILL_ALL(
            "all nodes are killed at once",
            2,
            Needs.PROCESSES,
            script -> killed(script, script.names().size())),
    FREEZE("one node is frozen", 1, Needs.PROCESSES, Mishap::frozen),
    STARVE("one node gets hardly any CPU", 1, Needs.CPU, Mishap::starved),
    ROLL("all nodes are stopped and started, one after the other", 2, Needs.PROCESSES, Mishap::rolled),
    MINORITY("a minority is cut off", 3, Needs.NETWORK, Mishap::minority),
    APART("each node is alone", 2, Needs.NETWORK, script -> cutOff(script, String.join(" | ", script.names()), 6, 20)),
    BRIDGE("two nodes see each other only through a third", 3, Needs.NETWORK, Mishap::bridge),
    ONE_WAY("what one node sends to another is lost, and not the way back", 2, Needs.NETWORK, Mishap::oneWay),
    LOSS("a share of the packets between two nodes is lost", 2, Needs.NETWORK, Mishap::loss),
    FLAP("the link between two nodes is cut and mended again and again", 2, Needs.NETWORK, Mishap::flapping),
    FREEZE_AND_CUT("a node is frozen, cut off, and wakes up inside the cut", 3, Needs.NETWORK, Mishap::freezeAndCut);

    private final String description;
    private final int nodesMin;
    private final Needs needs;
    private final Consumer<Script> writer;

    Mishap(String description, int nodesMin, Needs needs, Consumer<Script> writer) {
        this.description = description;
        this.nodesMin = nodesMin;
        this.needs = needs;
        this.writer = writer;
    }

    /** For the command line, such as {@code kill-one}. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For a person, such as {@code one node is killed}. */
    String description() {
        return description;
    }

    /** What it needs of the machine. */
    Needs needs() {
        return needs;
    }

    /** Whether a cluster of so many nodes is large enough for it. */
    boolean fits(int nodes) {
        return nodes >= nodesMin;
    }

    void write(Script script) {
        writer.accept(script);
    }

    private static void killed(Script script, int count) {
        var names = script.names().subList(0, count);
        for (var name : names) script.then(Fault.kill(name));
        script.pause(1, 10);
        script.restart(names.stream().sorted().toList());
    }

    private static void frozen(Script script) {
        var name = script.names().get(0);
        script.then(Fault.freeze(name));
        script.pause(2, 30);
        script.then(Fault.thaw(name));
        script.pause(3, 5);
    }

    private static void starved(Script script) {
        var name = script.names().get(0);
        script.then(Fault.starve(name, (5 + script.random().nextInt(26)) / 100.0));
        script.pause(5, 20);
        script.then(Fault.feed(name));
        script.pause(2, 4);
    }

    private static void rolled(Script script) {
        for (var name : script.names()) {
            script.terminate(name);
            script.restart(List.of(name));
            script.pause(1, 3);
        }
    }

    private static void minority(Script script) {
        var names = script.names();
        var size = 1 + script.random().nextInt((names.size() - 1) / 2);
        cutOff(script, side(script, 0, size) + " | " + side(script, size, names.size()), 4, 25);
    }

    private static void cutOff(Script script, String sides, double min, double max) {
        script.then(Fault.partition(sides));
        script.pause(min, max);
        script.then(Fault.heal());
    }

    private static void bridge(Script script) {
        var names = script.names();
        script.then(Fault.bridge(names.get(0), names.get(1), names.get(2)));
        script.pause(5, 25);
        script.then(Fault.heal());
    }

    private static void oneWay(Script script) {
        script.then(Fault.cut(script.names().get(0), script.names().get(1)));
        script.pause(5, 20);
        script.then(Fault.heal());
    }

    private static void loss(Script script) {
        var share = (5 + script.random().nextInt(46)) / 100.0;
        script.then(Fault.lose(script.names().get(0), script.names().get(1), share));
        script.then(Fault.lose(script.names().get(1), script.names().get(0), share));
        script.pause(5, 20);
        script.then(Fault.heal());
    }

    private static void flapping(Script script) {
        var times = 5 + script.random().nextInt(11);
        var period = Duration.ofMillis(200 + script.random().nextInt(1_000));
        script.then(Fault.flap(script.names().get(0), script.names().get(1), times, period));
        var takes = times * period.toMillis() / 1e3;
        script.pause(takes, takes);
    }

    /** Frozen for so long that others own its entities by then, and cut off for as long as it needs to notice. */
    private static void freezeAndCut(Script script) {
        var name = script.names().get(0);
        script.then(Fault.freeze(name));
        script.then(
                Fault.partition(name + " | " + side(script, 1, script.names().size())));
        script.pause(18, 26);
        script.then(Fault.thaw(name));
        script.pause(10, 14);
        script.then(Fault.heal());
    }

    private static String side(Script script, int from, int to) {
        return script.names().subList(from, to).stream().sorted().collect(Collectors.joining(" "));
    }
}

package dev.parvi.testkit.drill;

import dev.parvi.testkit.cluster.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** What writes one {@link Episode} down: its clock moves with what is written. */
final class Script {
    /** What a start or a drain takes, about. A schedule that did not count it would be late after each. */
    private static final Duration NODE_STARTS = Duration.ofSeconds(8);

    private static final Duration NODE_DRAINS = Duration.ofSeconds(3);

    private final Random random;
    private final List<String> names;
    private final List<Episode.Step> steps = new ArrayList<>();
    private Duration now;

    Script(Random random, int nodes, Duration begin) {
        this.random = random;
        this.names = new ArrayList<>(names(nodes));
        Collections.shuffle(names, random);
        this.now = begin;
    }

    /** What the nodes of a cluster are called. */
    static List<String> names(int nodes) {
        return IntStream.range(0, nodes)
                .mapToObj(n -> String.valueOf((char) ('A' + n)))
                .toList();
    }

    /** All nodes, in an order of this episode: whoever needs some takes the first. */
    List<String> names() {
        return names;
    }

    Random random() {
        return random;
    }

    void then(Fault fault) {
        steps.add(new Episode.Step(now, fault));
    }

    void restart(List<String> nodes) {
        then(Fault.restart(nodes.toArray(String[]::new)));
        now = now.plus(NODE_STARTS);
    }

    void terminate(String name) {
        then(Fault.terminate(name));
        now = now.plus(NODE_DRAINS);
    }

    /** Lets some time pass, from the one to the other number of seconds. */
    void pause(double min, double max) {
        now = now.plusMillis(Math.round(1000 * (min + (max - min) * random.nextDouble())));
    }

    Duration now() {
        return now;
    }

    Episode toEpisode(Mishap mishap) {
        return new Episode(mishap, steps);
    }
}

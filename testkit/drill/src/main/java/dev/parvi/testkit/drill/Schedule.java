package dev.parvi.testkit.drill;

import dev.parvi.testkit.cluster.Fault.Needs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What goes wrong in a drill, and when: a pure function of the seed, the time, the number of nodes and the kinds of mishaps. Each
 * kind of mishap comes once before any comes again, as far as the time reaches. After the last one all is repaired.
 */
record Schedule(List<Episode> episodes) {
    private static final Duration CALM_FIRST = Duration.ofSeconds(5);
    private static final Duration CALM_LAST = Duration.ofSeconds(4);
    private static final int CALM_MIN_SECONDS = 4;
    private static final int CALM_MAX_SECONDS = 10;

    Schedule {
        episodes = List.copyOf(episodes);
    }

    /** @param kinds that can go wrong there, at least one */
    static Schedule of(long seed, Duration duration, int nodes, List<Mishap> kinds) {
        var random = new Random(seed);
        var episodes = new ArrayList<Episode>();
        var bag = new ArrayList<Mishap>();
        var end = duration.minus(CALM_LAST);
        var now = CALM_FIRST;
        while (true) {
            if (bag.isEmpty()) bag.addAll(shuffled(kinds, random));
            var next = firstThatFits(bag, random, nodes, now, end);
            if (next.isEmpty()) return new Schedule(episodes);
            episodes.add(next.get().episode);
            now = next.get()
                    .end
                    .plusMillis(
                            1000L * CALM_MIN_SECONDS + random.nextInt(1000 * (CALM_MAX_SECONDS - CALM_MIN_SECONDS)));
        }
    }

    /** What can go wrong in a cluster of this size, on a machine that allows this. */
    static List<Mishap> kinds(int nodes, Set<Needs> allowed) {
        return Arrays.stream(Mishap.values())
                .filter(mishap -> mishap.fits(nodes) && allowed.contains(mishap.needs()))
                .toList();
    }

    /** What could go wrong in a cluster of this size, and this machine does not allow it. */
    static List<Mishap> skipped(int nodes, Set<Needs> allowed) {
        return kinds(nodes, EnumSet.complementOf(EnumSet.copyOf(allowed)));
    }

    private static List<Mishap> shuffled(List<Mishap> kinds, Random random) {
        var shuffled = new ArrayList<>(kinds);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static Optional<Written> firstThatFits(
            List<Mishap> bag, Random random, int nodes, Duration now, Duration end) {
        for (var mishap : List.copyOf(bag)) {
            var script = new Script(random, nodes, now);
            mishap.write(script);
            if (script.now().compareTo(end) > 0) continue;
            bag.remove(mishap);
            return Optional.of(new Written(script.toEpisode(mishap), script.now()));
        }
        return Optional.empty();
    }

    private record Written(Episode episode, Duration end) {}
}

package dev.parvi.evidence;

import dev.parvi.testkit.cluster.Fault;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** A way in which one node of several fails or leaves, and how long clients of the others may wait for it. */
enum Failure {
    /** Where the shard coordinator runs. */
    KILL_OLDEST("kill -9 of the oldest node", 0, Duration.ofSeconds(3), victim -> List.of(Fault.kill(victim))),
    KILL_MIDDLE("kill -9 of the second", 1, Duration.ofSeconds(3), victim -> List.of(Fault.kill(victim))),
    KILL_YOUNGEST("kill -9 of the youngest", 2, Duration.ofSeconds(3), victim -> List.of(Fault.kill(victim))),
    /** No process of it answers, and no connection is refused: nothing but silence. */
    LOSE_HOST(
            "loss of a host without a trace",
            0,
            Duration.ofSeconds(5),
            victim -> List.of(Fault.partition(alone(victim)), Fault.freeze(victim))),
    FREEZE("freeze of a node", 0, Duration.ofSeconds(10), victim -> List.of(Fault.freeze(victim))),
    /** Whether the others bear with it or go on without it: they serve, and no more than this one leaves. */
    STARVE("a fifth of a core for a node", 0, Duration.ofSeconds(10), victim -> List.of(Fault.starve(victim, 0.2))),
    STOP_OLDEST(
            "graceful stop of the oldest node", 0, Duration.ofMillis(500), victim -> List.of(Fault.terminate(victim))),
    STOP_YOUNGEST(
            "graceful stop of the youngest", 2, Duration.ofMillis(500), victim -> List.of(Fault.terminate(victim)));

    private final String title;
    private final int victimByAge;
    private final Duration goal;
    private final Function<String, List<Fault>> faults;

    Failure(String title, int victimByAge, Duration goal, Function<String, List<Fault>> faults) {
        this.title = title;
        this.victimByAge = victimByAge;
        this.goal = goal;
        this.faults = faults;
    }

    private static String alone(String victim) {
        var others = List.of("A", "B", "C").stream()
                .filter(name -> !name.equals(victim))
                .toList();
        return victim + " | " + String.join(" ", others);
    }

    String title() {
        return title;
    }

    /** What no request should wait longer than. */
    Duration goal() {
        return goal;
    }

    /** Which node it happens to, the oldest being 0. */
    int victimByAge() {
        return victimByAge;
    }

    List<Fault> of(String victim) {
        return faults.apply(victim);
    }

    /** What this machine would need for it; empty if it has all. */
    String missing() {
        return of("A").stream()
                .map(fault -> fault.needs().missing())
                .filter(missing -> !missing.isEmpty())
                .findFirst()
                .orElse("");
    }
}

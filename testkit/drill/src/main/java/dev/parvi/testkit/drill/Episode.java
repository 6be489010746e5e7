package dev.parvi.testkit.drill;

import dev.parvi.testkit.cluster.Fault;
import java.time.Duration;
import java.util.List;

/** One mishap with its repair: faults that belong together. It begins with a whole cluster and ends with one. */
record Episode(Mishap mishap, List<Step> steps) {
    Episode {
        steps = List.copyOf(steps);
    }

    Duration begin() {
        return steps.get(0).at();
    }

    /**
     * One fault.
     *
     * @param at since the drill began
     */
    record Step(Duration at, Fault fault) {}
}

package dev.parvi.testkit.drill;

import dev.parvi.testkit.drill.Chronicle.Happening;
import dev.parvi.testkit.history.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All that a drill came to, ready to be shown.
 *
 * @param took with repair, without judgement
 * @param played episodes that were played to their end, of {@code planned}
 * @param wasStopped whether somebody ended it early
 * @param types each with the number of its commands that were acknowledged
 * @param failures what should not have happened to nodes
 * @param skipped what was not tried, and why, in sentences
 * @param oddities answers of a node that had not worked as it should, the first few of {@code oddCount}
 * @param stalls when the machine stood still
 * @param kept the folder with data and logs; none if they are gone
 */
record DrillResult(
        Plan plan,
        Machine machine,
        Instant begun,
        Duration took,
        int played,
        int planned,
        boolean wasStopped,
        Verdict verdict,
        Map<String, Long> types,
        Map<String, Long> refusals,
        List<String> failures,
        List<String> skipped,
        List<String> oddities,
        long oddCount,
        List<Happening> happenings,
        List<Sample> samples,
        List<Stall> stalls,
        Duration longestWait,
        List<Path> kept) {

    /** Of a second: how many commands were acknowledged in it, and for how long one had waited at its end that waited longest. */
    record Sample(Duration at, long acknowledged, Duration waited) {}

    /** The machine, or this process, stood still. */
    record Stall(Duration from, Duration to) {}

    /** The same, of a drill whose data and logs stay. */
    DrillResult keeping(Path folder) {
        return new DrillResult(
                plan,
                machine,
                begun,
                took,
                played,
                planned,
                wasStopped,
                verdict,
                types,
                refusals,
                failures,
                skipped,
                oddities,
                oddCount,
                happenings,
                samples,
                stalls,
                longestWait,
                List.of(folder));
    }

    /** Nothing was violated, all nodes came back, and there was something to judge. */
    boolean passed() {
        return verdict.holds() && failures.isEmpty() && wasTried();
    }

    private boolean wasTried() {
        return verdict.counts().acknowledged() > 0;
    }

    /** How many there were, repairs not counted. */
    long faults() {
        return happenings.stream()
                .filter(happening -> happening.isFault() && !happening.text().matches("(restart|thaw|feed|heal).*"))
                .count();
    }

    /** Everything that is against the promise, in sentences, the first of each kind. */
    List<String> violations() {
        var all = new ArrayList<>(failures);
        if (!wasTried()) all.add("no command was acknowledged, so nothing could be judged");
        all.addAll(verdict.sentences());
        return all;
    }

    /** What a reader must know before he believes it, in sentences. */
    List<String> remarks() {
        var remarks = new ArrayList<>(skipped);
        if (wasStopped) remarks.add("The drill was ended early; what was done until then is judged.");
        else if (played < planned)
            remarks.add(planned - played + " of " + planned
                    + " episodes were left out: nodes took longer to start than the schedule allows for.");
        types.forEach((type, count) -> {
            if (count < 20)
                remarks.add("Of " + type + " hardly any command was accepted (" + count
                        + "): tell what to send with --send, else not much of it is tested.");
        });
        if (oddCount > 0)
            remarks.add(String.format(
                    Locale.ROOT, "%,d requests were answered with 500, such as %s.", oddCount, oddities.get(0)));
        var stalled =
                stalls.stream().map(stall -> stall.to().minus(stall.from())).reduce(Duration.ZERO, Duration::plus);
        if (!stalls.isEmpty())
            remarks.add(String.format(
                    Locale.ROOT,
                    "The machine itself stood still %d times, for %.1f s together: waits that fall into these times say"
                            + " nothing about the cluster. What was lost or doubled would count all the same.",
                    stalls.size(),
                    stalled.toMillis() / 1e3));
        return remarks;
    }

    /** The verdict for a person, in one or two sentences. */
    String sentence() {
        var counts = verdict.counts();
        if (passed())
            return String.format(
                    Locale.ROOT,
                    "PASSED: %,d commands acknowledged, none lost, none applied twice, all read as stored, under %,d faults.",
                    counts.acknowledged(),
                    faults());
        if (verdict.holds()) return "FAILED: " + violations().get(0) + '.';
        var found = new ArrayList<String>();
        verdict.violations().forEach((check, count) -> {
            if (count > 0) found.add(String.format(Locale.ROOT, "%s %,d", check, count));
        });
        return String.format(
                Locale.ROOT,
                "FAILED: %,d violations in %,d acknowledged commands: %s.",
                verdict.violationCount(),
                counts.acknowledged(),
                String.join(", ", found));
    }
}

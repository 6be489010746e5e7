package dev.parvi.testkit.history;

import java.util.function.Consumer;

/**
 * A stream shows every event once, in order, without a gap: from the first revision that was asked for to the last one seen or, if
 * everything had time to come, to the head; and with the key that the journal has. What lies before a tombstone may be missing.
 */
final class StreamChecker implements Checker {
    @Override
    public String name() {
        return "stream";
    }

    @Override
    public void check(Evidence evidence, Consumer<String> onViolation) {
        for (var sightings : evidence.streams()) check(sightings, evidence.stored(), onViolation);
    }

    private static void check(Sightings sightings, Stored stored, Consumer<String> onViolation) {
        var expected = sightings.firstRevision();
        var revisions = sightings.revisions();
        for (var index = 0; index < revisions.length; index++) {
            var seen = revisions[index];
            if (seen > stored.head())
                onViolation.accept(sightings + " showed revision " + seen + ", the journal ends at " + stored.head());
            else if (seen != expected && !(seen == stored.tombstone() && seen > expected))
                onViolation.accept(sightings + " showed revision " + seen + ", expected was " + expected);
            checkKey(sightings, index, seen, stored, onViolation);
            expected = Math.max(expected, seen + 1);
        }
        if (sightings.isComplete() && expected <= stored.head())
            onViolation.accept(
                    sightings + " ended before revision " + expected + ", the journal ends at " + stored.head());
    }

    private static void checkKey(
            Sightings sightings, int index, long seen, Stored stored, Consumer<String> onViolation) {
        var key = sightings.key(index);
        var kept = stored.at(seen).map(Stored.Command::key).orElse("");
        if (key.isEmpty() || (kept.isEmpty() && stored.mayBeMissing(seen))) return;
        if (!key.equals(kept))
            onViolation.accept(sightings + " showed revision " + seen + " with the key " + key + ", the journal has "
                    + (kept.isEmpty() ? "no outcome there" : "the key " + kept));
    }
}

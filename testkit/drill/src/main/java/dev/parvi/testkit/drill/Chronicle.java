package dev.parvi.testkit.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The clock of a drill, and what happened by it. */
final class Chronicle {
    private final long beginNanos = System.nanoTime();
    private final List<Happening> happenings = new ArrayList<>();
    private final Consumer<Happening> listener;

    /** @param listener is told of each thing as it happens */
    Chronicle(Consumer<Happening> listener) {
        this.listener = listener;
    }

    /** Since the drill began. */
    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - beginNanos);
    }

    /** The same for a value of {@link System#nanoTime}; negative before the drill. */
    Duration at(long nanoTime) {
        return Duration.ofNanos(nanoTime - beginNanos);
    }

    /** Notes a fault that begins now. */
    void fault(String notation) {
        add(new Happening(elapsed(), notation, true, ""));
    }

    /** Notes something that is no fault of the schedule: about a node, or about all if the name is empty. */
    void note(String node, String text) {
        add(new Happening(elapsed(), text, false, node));
    }

    private void add(Happening happening) {
        synchronized (happenings) {
            happenings.add(happening);
        }
        listener.accept(happening);
    }

    List<Happening> happenings() {
        synchronized (happenings) {
            return List.copyOf(happenings);
        }
    }

    /** As people read it: minutes, seconds and tenths. */
    static String clock(Duration at) {
        var tenths = at.toMillis() / 100;
        return String.format(Locale.ROOT, "%d:%02d.%d", tenths / 600, tenths / 10 % 60, tenths % 10);
    }

    /**
     * One thing that happened.
     *
     * @param text the notation of a fault, or a sentence
     * @param isFault whether it was done on purpose
     * @param node whom a sentence is about; empty for all
     */
    record Happening(Duration at, String text, boolean isFault, String node) {}
}

package dev.parvi.testkit.drill;

import dev.parvi.testkit.drill.Chronicle.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What was wrong with each node, and between each two, from when to when: faults and their repairs, brought together. */
final class Bars {
    private final Map<String, Bar> open = new LinkedHashMap<>();
    private final List<Bar> bars = new ArrayList<>();

    private Bars() {}

    /** In the order in which they began. */
    static List<Bar> of(List<Happening> happenings, Duration end) {
        var bars = new Bars();
        for (var happening : happenings) {
            if (happening.isFault()) bars.onFault(happening.at(), happening.text());
            else if (!happening.node().isEmpty()) bars.onNote(happening);
        }
        List.copyOf(bars.open.keySet()).forEach(lane -> bars.close(lane, end));
        return bars.bars;
    }

    private void onFault(Duration at, String notation) {
        var words = notation.split(" ");
        switch (words[0]) {
            case "kill" -> begin(words[1], at, Kind.KILLED, notation);
            case "terminate" -> begin(words[1], at, Kind.STOPPED, notation);
            case "freeze" -> begin(words[1], at, Kind.FROZEN, notation);
            case "starve" -> begin(words[1], at, Kind.STARVED, notation);
            case "thaw", "feed" -> close(words[1], at);
            case "cut" -> begin(lane(words[1], words[3]), at, Kind.CUT, notation);
            case "lose" -> begin(lane(words[1], words[3]), at, Kind.LOSS, notation);
            case "bridge" -> begin(lane(words[1], words[5]), at, Kind.CUT, notation);
            case "flap" ->
                bars.add(new Bar(
                        lane(words[1], words[3]),
                        at,
                        at.plusMillis(Long.parseLong(words[4]) * Long.parseLong(words[6])),
                        Kind.FLAPPING,
                        notation));
            case "partition" -> partition(at, notation);
            case "heal" ->
                open.keySet().stream()
                        .filter(lane -> lane.length() > 1)
                        .toList()
                        .forEach(lane -> close(lane, at));
            default -> {}
        }
    }

    private void onNote(Happening note) {
        if (note.text().contains("ended by itself")) begin(note.node(), note.at(), Kind.GONE, note.text());
        if (note.text().contains("is ready")) close(note.node(), note.at());
    }

    private void partition(Duration at, String notation) {
        var sides = Arrays.stream(notation.substring("partition ".length()).split(" \\| "))
                .map(side -> List.of(side.split(" ")))
                .toList();
        for (var one = 0; one < sides.size(); one++)
            for (var other = one + 1; other < sides.size(); other++)
                for (var from : sides.get(one))
                    for (var to : sides.get(other)) begin(lane(from, to), at, Kind.CUT, notation);
    }

    private static String lane(String one, String other) {
        return String.join("\u2013", new TreeSet<>(List.of(one, other)));
    }

    private void begin(String lane, Duration at, Kind kind, String text) {
        close(lane, at);
        open.put(lane, new Bar(lane, at, at, kind, text));
    }

    private void close(String lane, Duration at) {
        var bar = open.remove(lane);
        if (bar != null) bars.add(new Bar(lane, bar.from, at, bar.kind, bar.text));
    }

    /** What was wrong. */
    enum Kind {
        KILLED,
        STOPPED,
        FROZEN,
        /** Ended by itself, as a node does that the cluster goes on without. */
        GONE,
        STARVED,
        CUT,
        FLAPPING,
        LOSS
    }

    /**
     * Something was wrong from here to there.
     *
     * @param lane a node, or two with a dash between them
     */
    record Bar(String lane, Duration from, Duration to, Kind kind, String text) {}
}

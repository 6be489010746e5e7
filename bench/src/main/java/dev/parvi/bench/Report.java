package dev.parvi.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** All measurements of a run, as a table for people and as JSON for scripts. */
final class Report {
    private final List<Measurement> measurements = new ArrayList<>();

    /** Adds a measurement and gives its line, so that a long run shows what it has. */
    String add(Measurement measurement) {
        measurements.add(measurement);
        return line(measurement);
    }

    List<Measurement> measurements() {
        return List.copyOf(measurements);
    }

    private static String line(Measurement measurement) {
        return String.format(Locale.ROOT, "%-36s", measurement.name())
                + measurement.figures().entrySet().stream()
                        .map(figure ->
                                String.format(Locale.ROOT, "%12s %s", number(figure.getValue()), figure.getKey()))
                        .collect(Collectors.joining("  "));
    }

    private static String number(double value) {
        if (value >= 1_000) return String.format(Locale.ROOT, "%,.0f", value);
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.3f", value);
    }

    String toJson() {
        return measurements.stream().map(Measurement::toJson).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n"));
    }
}

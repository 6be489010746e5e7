package dev.parvi.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One row of the result: what was measured, and its figures by name.
 *
 * @param name what was done, such as {@code command c=64}
 * @param figures numbers by name; the unit is the last word of the name
 */
record Measurement(String name, Map<String, Double> figures) {
    static Measurement of(String name) {
        return new Measurement(name, new LinkedHashMap<>());
    }

    Measurement with(String figure, double value) {
        figures.put(figure, value);
        return this;
    }

    String toJson() {
        var json = new StringBuilder("{\"name\":\"" + name + "\"");
        figures.forEach((figure, value) -> json.append(String.format(Locale.ROOT, ",\"%s\":%.4f", figure, value)));
        return json.append('}').toString();
    }
}

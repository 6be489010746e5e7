package dev.parvi.testkit.drill;

import dev.parvi.testkit.drill.Bars.Bar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The time line of a drill as a picture: what was acknowledged, how long clients waited, and what was wrong meanwhile. */
final class Chart {
    private static final int LEFT = 64;
    private static final int RIGHT = 988;
    private static final int BUCKETS_MAX = 460;
    private static final int RATE_TOP = 22;
    private static final int RATE_BASE = 132;
    private static final int WAIT_TOP = 160;
    private static final int WAIT_BASE = 220;
    private static final int LANES_TOP = 240;
    private static final int LANE = 20;
    private static final List<Integer> TICK_SECONDS = List.of(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200);

    private final StringBuilder svg = new StringBuilder();
    private final DrillResult result;
    private final double end;
    private final List<String> lanes;
    private final List<Bar> bars;

    private Chart(DrillResult result) {
        this.result = result;
        this.end = Math.max(1, seconds(result.took()));
        this.bars = Bars.of(result.happenings(), result.took());
        var links = new TreeSet<String>();
        bars.stream().map(Bar::lane).filter(lane -> lane.length() > 1).forEach(links::add);
        var all = new ArrayList<>(Script.names(result.plan().nodes()));
        all.addAll(links);
        this.lanes = all;
    }

    /** A well-formed {@code svg} element; its colours are up to the page. */
    static String of(DrillResult result) {
        var chart = new Chart(result);
        chart.draw();
        return chart.svg.toString();
    }

    private void draw() {
        var bottom = LANES_TOP + LANE * lanes.size();
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 %d\" role=\"img\">%n", bottom + 26);
        add("<title>Time line of the drill</title>%n");
        for (var stall : result.stalls())
            add(
                    "<rect class=\"stall\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>the machine stood still for %.1f s</title></rect>%n",
                    x(seconds(stall.from())),
                    RATE_TOP,
                    Math.max(1, x(seconds(stall.to())) - x(seconds(stall.from()))),
                    bottom - RATE_TOP,
                    seconds(stall.to().minus(stall.from())));
        drawAxis(bottom);
        drawRate();
        drawWait();
        for (var n = 0; n < lanes.size(); n++) drawLane(n);
        add("</svg>%n");
    }

    private void drawAxis(int bottom) {
        var step = TICK_SECONDS.stream()
                .filter(each -> end / each <= 14)
                .findFirst()
                .orElse(14_400);
        for (var at = 0; at <= end; at += step) {
            add("<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n", x(at), RATE_TOP, x(at), bottom);
            add(
                    "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d:%02d</text>%n",
                    x(at), bottom + 16, at / 60, at % 60);
        }
    }

    private void drawRate() {
        var rates = buckets(false);
        var top = niceAbove(max(rates));
        curve("rate", rates, top, RATE_TOP, RATE_BASE);
        label("acknowledged a second", RATE_TOP, RATE_BASE, String.format(Locale.ROOT, "%,.0f", top));
    }

    private void drawWait() {
        var waits = buckets(true);
        var top = niceAbove(max(waits));
        curve("wait", waits, top, WAIT_TOP, WAIT_BASE);
        label("longest wait of a command", WAIT_TOP, WAIT_BASE, String.format(Locale.ROOT, "%s s", number(top)));
    }

    /** One value for each stretch of time: the mean of the rates, the longest of the waits. */
    private double[] buckets(boolean isWait) {
        var samples = result.samples();
        var size = (samples.size() + BUCKETS_MAX - 1) / BUCKETS_MAX;
        if (size == 0) return new double[] {0};
        var values = new double[(samples.size() + size - 1) / size];
        for (var n = 0; n < samples.size(); n++) {
            var sample = samples.get(n);
            if (isWait) values[n / size] = Math.max(values[n / size], seconds(sample.waited()));
            else values[n / size] += (double) sample.acknowledged() / size;
        }
        return values;
    }

    private void curve(String name, double[] values, double top, int above, int base) {
        var width = (x(seconds(lastSample())) - LEFT) / values.length;
        var path = new StringBuilder(String.format(Locale.ROOT, "M%d %d", LEFT, base));
        for (var n = 0; n < values.length; n++) {
            var y = base - values[n] / top * (base - above);
            path.append(
                    String.format(Locale.ROOT, "L%.1f %.1fL%.1f %.1f", LEFT + n * width, y, LEFT + (n + 1) * width, y));
        }
        path.append(String.format(Locale.ROOT, "L%.1f %dZ", LEFT + values.length * width, base));
        add("<path class=\"%s\" d=\"%s\"/>%n", name, path);
        add("<line class=\"base\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n", LEFT, base, RIGHT, base);
    }

    private void label(String what, int above, int base, String top) {
        add("<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>%n", LEFT, above - 8, what);
        add("<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", LEFT - 6, above + 8, top);
        add("<text class=\"tick\" x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>%n", LEFT - 6, base);
    }

    private void drawLane(int number) {
        var name = lanes.get(number);
        var top = LANES_TOP + LANE * number;
        add(
                "<rect class=\"lane\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n",
                LEFT, top + 3, RIGHT - LEFT, LANE - 6);
        add(
                "<text class=\"node\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                LEFT - 6, top + 14, Report.escaped(name));
        for (var bar : bars) {
            if (!bar.lane().equals(name)) continue;
            var from = x(seconds(bar.from()));
            var width = Math.max(2, x(seconds(bar.to())) - from);
            add(
                    "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s: %s, %.1f s</title></rect>%n",
                    bar.kind().name().toLowerCase(Locale.ROOT),
                    from,
                    top + 3,
                    width,
                    LANE - 6,
                    Chronicle.clock(bar.from()),
                    Report.escaped(bar.text()),
                    seconds(bar.to().minus(bar.from())));
        }
    }

    private Duration lastSample() {
        var samples = result.samples();
        return samples.isEmpty()
                ? result.took()
                : samples.get(samples.size() - 1).at();
    }

    private double x(double seconds) {
        return LEFT + Math.min(1, Math.max(0, seconds / end)) * (RIGHT - LEFT);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }

    private static double max(double[] values) {
        var max = 0.0;
        for (var value : values) max = Math.max(max, value);
        return max;
    }

    /** A number that is good to read at the end of an axis. */
    static double niceAbove(double value) {
        var power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 0.1))));
        for (var factor : new double[] {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8})
            if (factor * power >= value) return factor * power;
        return 10 * power;
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value).replaceAll("0+$", "");
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}

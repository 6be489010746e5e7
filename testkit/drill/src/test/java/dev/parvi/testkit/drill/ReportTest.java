package dev.parvi.testkit.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.parvi.testkit.drill.Chronicle.Happening;
import dev.parvi.testkit.drill.DrillResult.Sample;
import dev.parvi.testkit.drill.DrillResult.Stall;
import dev.parvi.testkit.history.Verdict;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ReportTest {
    private static final String NASTY = "</title><script>alert('x')</script> & \"quoted\" \u0000";

    @Test
    void the_time_line_is_well_formed_and_shows_every_fault() throws Exception {
        var svg = Chart.of(result(true));
        var read = xml(svg);
        assertThat(read.getDocumentElement().getTagName()).isEqualTo("svg");
        for (var kind :
                List.of("killed", "frozen", "gone", "cut", "loss", "starved", "flapping", "stall", "rate", "wait"))
            assertThat(svg).contains("class=\"" + kind + "\"");
        assertThat(svg).contains(">A<", ">B<", ">C<", ">A\u2013B<").doesNotContain("<script");
    }

    @Test
    void without_a_sample_and_without_a_fault_there_is_still_a_picture() throws Exception {
        var empty = new Builder().build();
        assertThat(xml(Chart.of(empty)).getDocumentElement().getTagName()).isEqualTo("svg");
    }

    @Test
    void what_comes_from_elsewhere_is_text_and_never_markup() {
        var html = Report.of(result(false));
        assertThat(html)
                .contains(
                        "&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot; \ufffd")
                .doesNotContain("<script")
                .doesNotContain("\u0000");
    }

    @Property(tries = 300)
    void escaped_text_is_read_as_it_was(@ForAll String text) throws Exception {
        var read =
                xml("<p>" + Report.escaped(text) + "</p>").getDocumentElement().getTextContent();
        assertThat(read).hasSameSizeAs(text.replaceAll("\\p{Cs}", "\ufffd"));
    }

    @Test
    void nothing_is_loaded_from_elsewhere() {
        assertThat(Report.of(result(true)).replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http")
                .doesNotContain("src=")
                .doesNotContain("url(")
                .doesNotContain("@import");
    }

    @Test
    void the_verdict_stands_above_all() {
        assertThat(Report.of(result(true))).contains("<h1>Passed</h1>").contains("--seed 42 --minutes 10");
        assertThat(Report.of(result(false))).contains("<h1>Failed</h1>").contains("What was violated");
    }

    @Test
    void what_was_skipped_is_told() {
        var result = new Builder()
                .skipped("Skipped, not passed: each node is alone; it needs iptables.")
                .build();
        assertThat(Report.of(result)).contains("<li>Skipped, not passed: each node is alone; it needs iptables.</li>");
        assertThat(result.remarks()).contains("Skipped, not passed: each node is alone; it needs iptables.");
    }

    @Test
    void a_drill_in_which_nothing_was_acknowledged_has_not_passed() {
        assertThat(new Builder().acknowledged(0).build().passed()).isFalse();
        assertThat(new Builder().acknowledged(1).build().passed()).isTrue();
    }

    @Test
    void a_node_that_does_not_come_back_is_a_failure() {
        var result = new Builder().failure("A did not start in 3 attempts").build();
        assertThat(result.passed()).isFalse();
        assertThat(result.sentence()).isEqualTo("FAILED: A did not start in 3 attempts.");
    }

    @Test
    void axes_end_at_a_good_number_above_what_they_show() {
        for (var value = 0.01; value < 100_000; value *= 1.07)
            assertThat(Chart.niceAbove(value)).isGreaterThanOrEqualTo(value).isLessThan(Math.max(0.2, 2 * value));
    }

    @Test
    void a_bar_ends_where_its_repair_is_done() {
        var bars = Bars.of(
                List.of(
                        fault(1, "kill A"),
                        fault(2, "partition A B | C"),
                        fault(4, "restart A"),
                        note(6, "A", "A is ready, 2.0 s after its start"),
                        fault(7, "heal"),
                        note(8, "C", "C ended by itself, with exit code 5")),
                Duration.ofSeconds(9));
        assertThat(bars.stream()
                        .map(bar -> bar.lane()
                                + ' '
                                + bar.kind()
                                + ' '
                                + bar.from().toSeconds()
                                + ' '
                                + bar.to().toSeconds()))
                .containsExactlyInAnyOrder("A KILLED 1 6", "A\u2013C CUT 2 7", "B\u2013C CUT 2 7", "C GONE 8 9");
    }

    private static DrillResult result(boolean holds) {
        var builder = new Builder();
        if (!holds) builder.violated();
        return builder.happened().build();
    }

    private static Happening fault(int second, String notation) {
        return new Happening(Duration.ofSeconds(second), notation, true, "");
    }

    private static Happening note(int second, String node, String text) {
        return new Happening(Duration.ofSeconds(second), text, false, node);
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A result of which each test changes what it is about. */
    private static final class Builder {
        private long acknowledged = 1234;
        private boolean holds = true;
        private final List<String> failures = new ArrayList<>();
        private final List<String> skipped = new ArrayList<>();
        private final List<Happening> happenings = new ArrayList<>();
        private final List<Sample> samples = new ArrayList<>();
        private final List<Stall> stalls = new ArrayList<>();

        Builder acknowledged(long count) {
            acknowledged = count;
            return this;
        }

        Builder violated() {
            holds = false;
            return this;
        }

        Builder failure(String sentence) {
            failures.add(sentence);
            return this;
        }

        Builder skipped(String sentence) {
            skipped.add(sentence);
            return this;
        }

        Builder happened() {
            happenings.addAll(List.of(
                    fault(5, "kill A"),
                    note(9, "", NASTY),
                    fault(10, "restart A"),
                    note(15, "A", "A is ready, 5.0 s after its start"),
                    fault(20, "freeze B"),
                    fault(30, "thaw B"),
                    fault(32, "lose A -> B 0.2"),
                    fault(33, "partition A | B | C"),
                    fault(40, "heal"),
                    fault(42, "starve A 0.1"),
                    fault(48, "feed A"),
                    fault(50, "flap A - C 4 x 500 ms"),
                    note(41, "C", "C ended by itself, with exit code 5")));
            for (var second = 1; second <= 60; second++)
                samples.add(new Sample(Duration.ofSeconds(second), second % 7 * 40L, Duration.ofMillis(second * 10L)));
            stalls.add(new Stall(Duration.ofSeconds(3), Duration.ofMillis(3_400)));
            return this;
        }

        DrillResult build() {
            return new DrillResult(
                    plan(),
                    new Machine(2, "4.0 GiB", "17", "Linux"),
                    Instant.EPOCH,
                    Duration.ofSeconds(60),
                    3,
                    3,
                    false,
                    verdict(),
                    Map.of("gadget", acknowledged),
                    Map.of("409 " + NASTY, 7L),
                    failures,
                    skipped,
                    List.of(),
                    0,
                    happenings,
                    samples,
                    stalls,
                    Duration.ofSeconds(2),
                    List.<Path>of());
        }

        private static Plan plan() {
            return new Plan(
                    42,
                    "parvi drill --seed 42 --minutes 10",
                    Duration.ofSeconds(60),
                    3,
                    List.of(Mishap.values()),
                    8,
                    40,
                    Requests.of(List.of(new Gadget()), List.of(), List.of()),
                    NASTY,
                    ConfigFactory.empty(),
                    List.of(),
                    "",
                    Path.of("nowhere"),
                    List.of());
        }

        private Verdict verdict() {
            return new Verdict(
                    new Verdict.Counts(40, acknowledged, 2, 3, 7, 0, 5, 1234, 0, 0, 4, 200),
                    Map.of("lost", holds ? 0L : 3L),
                    holds ? List.of() : List.of("lost: " + NASTY));
        }
    }
}

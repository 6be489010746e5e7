package dev.parvi.testkit.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.runtime.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DrillOptionsTest {
    @TempDir
    Path folder;

    @Test
    void with_nothing_said_a_drill_takes_five_minutes_of_three_nodes() {
        var plan = plan("--type", "gadget");
        assertThat(plan.duration()).isEqualTo(Duration.ofMinutes(5));
        assertThat(plan.nodes()).isEqualTo(3);
        assertThat(plan.clients()).isEqualTo(8);
        assertThat(plan.ids()).isEqualTo(40);
        assertThat(plan.idPrefix()).isEmpty();
        assertThat(plan.arguments()).isEmpty();
        assertThat(plan.command()).isEqualTo("parvi drill --seed " + plan.seed() + " --type gadget");
    }

    @Test
    void everything_that_is_said_is_done() {
        var plan = plan(
                "--seed",
                "42",
                "--seconds",
                "90",
                "--nodes",
                "5",
                "--clients",
                "2",
                "--ids",
                "7",
                "--type",
                "gadget",
                "--only",
                "freeze",
                "--send",
                "book {\"nights\": 1}",
                "--store",
                "sqlite:elsewhere.db",
                "--set",
                "parvi.sharding.shards=7");
        assertThat(plan.seed()).isEqualTo(42);
        assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(90));
        assertThat(plan.nodes()).isEqualTo(5);
        assertThat(plan.clients()).isEqualTo(2);
        assertThat(plan.ids()).isEqualTo(7);
        assertThat(plan.only()).containsExactly(Mishap.FREEZE);
        assertThat(plan.config().getString("parvi.persistence.store")).isEqualTo("sqlite:elsewhere.db");
        assertThat(plan.arguments())
                .containsExactly(
                        "--set",
                        "parvi.sharding.shards=7",
                        "--store",
                        "sqlite:elsewhere.db",
                        "--set",
                        "parvi.node.cluster=drill");
        assertThat(plan.command())
                .endsWith("--send 'book {\"nights\": 1}' --store sqlite:elsewhere.db --set parvi.sharding.shards=7");
        assertThat(plan.idPrefix()).startsWith("drill-");
    }

    @Test
    void the_report_is_called_after_the_seed_or_as_one_likes() {
        assertThat(options("--seed", "7").report()).isEqualTo(Path.of("drill-7.html"));
        var wanted = folder.resolve("mine.html");
        assertThat(options("--report", wanted.toString()).report()).isEqualTo(wanted);
    }

    @Test
    void mistakes_are_one_sentence_and_found_before_anything_starts() throws Exception {
        refuses("--nodes must be between 1 and 9, but is 10.", () -> plan("--nodes", "10"));
        refuses("--clients must be between 1 and 200, but is 0.", () -> plan("--clients", "0"));
        refuses("--ids must be between 1 and 10000, but is 0.", () -> plan("--ids", "0"));
        refuses("A drill takes from 10 seconds to 24 hours.", () -> plan("--type", "gadget", "--seconds", "9"));
        refuses("A drill takes from 10 seconds to 24 hours.", () -> plan("--type", "gadget", "--minutes", "1441"));
        refuses(
                "--minutes and --seconds say the same: give one of them.",
                () -> plan("--type", "gadget", "--minutes", "1", "--seconds", "60"));
        refuses(
                "--store memory: ends with its node; a drill needs a store that outlives it.",
                () -> plan("--store", "memory:"));
        refuses("There is no entity type \"account\"; there is gadget.", () -> plan());
        refuses(
                "--only earthquake: there are kill-one, kill-two, kill-all, freeze, starve, roll, minority, apart, bridge,"
                        + " one-way, loss, flap, freeze-and-cut.",
                () -> plan("--type", "gadget", "--only", "earthquake"));
        refuses(
                "--only bridge needs more than 2 nodes.",
                () -> plan("--type", "gadget", "--nodes", "2", "--only", "bridge"));
        var nowhere = folder.resolve("nowhere");
        refuses(
                "--report " + nowhere.resolve("r.html") + ": there is no folder " + nowhere + ".",
                () -> options("--report", nowhere.resolve("r.html").toString()).report());
        Files.createDirectory(nowhere);
        refuses(
                "--report " + nowhere + " is a folder, not a file.",
                () -> options("--report", nowhere.toString()).report());
    }

    private static void refuses(String sentence, Runnable deed) {
        assertThatThrownBy(deed::run)
                .isInstanceOfSatisfying(
                        StartFailure.class,
                        failure -> assertThat(failure.exit()).isEqualTo(StartFailure.Exit.USAGE))
                .hasMessage(sentence);
    }

    private Plan plan(String... arguments) {
        return options(arguments).toPlan(List.of(new Gadget()), folder, List.of(arguments));
    }

    private static DrillOptions options(String... arguments) {
        var options = new DrillOptions();
        new CommandLine(new Bare(options)).parseArgs(arguments);
        return options;
    }

    /** A command with these options and nothing else. */
    @CommandLine.Command
    private record Bare(@CommandLine.Mixin DrillOptions options) {}
}

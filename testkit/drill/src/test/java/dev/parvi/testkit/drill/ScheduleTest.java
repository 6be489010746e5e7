package dev.parvi.testkit.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.testkit.cluster.Fault;
import dev.parvi.testkit.cluster.Fault.Needs;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Set<Needs> ALL = EnumSet.allOf(Needs.class);

    @Property(tries = 300)
    void one_seed_is_one_schedule(
            @ForAll long seed,
            @ForAll @IntRange(min = 10, max = 1200) int seconds,
            @ForAll @IntRange(min = 1, max = 9) int nodes) {
        assertThat(schedule(seed, seconds, nodes, ALL)).isEqualTo(schedule(seed, seconds, nodes, ALL));
    }

    @Test
    void another_seed_is_another_schedule() {
        var all = new HashSet<Schedule>();
        for (var seed = 0; seed < 100; seed++) all.add(schedule(seed, 600, 3, ALL));
        assertThat(all).hasSize(100);
    }

    @Property(tries = 300)
    void whatever_is_broken_is_repaired_in_its_episode_and_in_time(
            @ForAll long seed,
            @ForAll @IntRange(min = 10, max = 1200) int seconds,
            @ForAll @IntRange(min = 1, max = 9) int nodes) {
        var last = Duration.ZERO;
        for (var episode : schedule(seed, seconds, nodes, ALL).episodes()) {
            assertThat(brokenBy(episode, new HashSet<>())).as("%s", episode).isEmpty();
            for (var step : episode.steps()) {
                assertThat(step.at()).isGreaterThanOrEqualTo(last).isLessThan(Duration.ofSeconds(seconds));
                last = step.at();
            }
        }
    }

    @Property(tries = 300)
    void only_nodes_of_the_cluster_are_named(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int nodes) {
        for (var episode : schedule(seed, 900, nodes, ALL).episodes())
            for (var step : episode.steps()) assertThat(Script.names(nodes)).containsAll(named(step.fault()));
    }

    @Property(tries = 200)
    void where_the_network_cannot_be_cut_only_processes_fail(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int nodes) {
        var schedule = schedule(seed, 600, nodes, EnumSet.of(Needs.PROCESSES));
        assertThat(schedule.episodes()).isNotEmpty();
        for (var episode : schedule.episodes())
            for (var step : episode.steps()) assertThat(step.fault().needs()).isEqualTo(Needs.PROCESSES);
    }

    @Test
    void what_is_left_out_is_told() {
        assertThat(Schedule.skipped(3, EnumSet.of(Needs.PROCESSES)))
                .containsExactly(
                        Mishap.STARVE,
                        Mishap.MINORITY,
                        Mishap.APART,
                        Mishap.BRIDGE,
                        Mishap.ONE_WAY,
                        Mishap.LOSS,
                        Mishap.FLAP,
                        Mishap.FREEZE_AND_CUT);
        assertThat(Schedule.skipped(2, EnumSet.of(Needs.PROCESSES, Needs.CPU)))
                .containsExactly(Mishap.APART, Mishap.ONE_WAY, Mishap.LOSS, Mishap.FLAP);
        assertThat(Schedule.skipped(3, ALL)).isEmpty();
    }

    /** Ten minutes are what a person has patience for. */
    @Property(tries = 100)
    void in_ten_minutes_everything_goes_wrong_once(@ForAll long seed) {
        var kinds = schedule(seed, 600, 3, ALL).episodes().stream()
                .map(Episode::mishap)
                .collect(Collectors.toSet());
        assertThat(kinds).containsExactlyInAnyOrder(Mishap.values());
    }

    private static Schedule schedule(long seed, int seconds, int nodes, Set<Needs> allowed) {
        return Schedule.of(seed, Duration.ofSeconds(seconds), nodes, Schedule.kinds(nodes, allowed));
    }

    /** What is still wrong at the end of the episode. */
    private static Set<String> brokenBy(Episode episode, Set<String> broken) {
        for (var step : episode.steps()) {
            var verb = step.fault().toString().split(" ")[0];
            switch (verb) {
                case "kill", "terminate", "freeze", "starve" ->
                    named(step.fault())
                            .forEach(name -> assertThat(broken.add(name)).isTrue());
                case "restart", "thaw", "feed" ->
                    named(step.fault())
                            .forEach(name -> assertThat(broken.remove(name)).isTrue());
                case "flap" -> {}
                case "heal" -> assertThat(broken.remove("network")).isTrue();
                default -> broken.add("network");
            }
        }
        return broken;
    }

    private static Set<String> named(Fault fault) {
        return Arrays.stream(fault.toString().split("[ |]+"))
                .filter(word -> word.matches("[A-Z]"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void an_episode_reads_like_its_notation() {
        var frozen = new Script(new Random(1), 3, Duration.ofSeconds(5));
        Mishap.FREEZE_AND_CUT.write(frozen);
        var notation = frozen.toEpisode(Mishap.FREEZE_AND_CUT).steps().stream()
                .map(step -> step.fault().toString())
                .toList();
        var stale = notation.get(0).substring("freeze ".length());
        var others =
                Script.names(3).stream().filter(name -> !name.equals(stale)).collect(Collectors.joining(" "));
        assertThat(notation)
                .isEqualTo(List.of("freeze " + stale, "partition " + stale + " | " + others, "thaw " + stale, "heal"));
    }
}

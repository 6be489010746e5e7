package dev.parvi.testkit.drill;

import dev.parvi.entity.Entity;
import dev.parvi.persistence.EventStore;
import dev.parvi.runtime.StartFailure;
import dev.parvi.testkit.cluster.Fault.Needs;
import dev.parvi.testkit.cluster.TestCluster;
import dev.parvi.testkit.history.History;
import dev.parvi.testkit.history.Journal;
import dev.parvi.testkit.history.Judge;
import dev.parvi.testkit.history.StallCanary;
import dev.parvi.testkit.history.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One drill: starts a cluster, sends it commands, makes a schedule of faults happen, repairs all, lets every command be decided, and
 * holds what clients were told against the journal.
 */
final class Drill {
    private static final Duration DECIDE_MAX = Duration.ofSeconds(90);
    private static final Duration STREAMS_MAX = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Plan plan;
    private final List<Entity<?, ?>> entities;
    private final Narrator narrator;
    private final Set<Needs> allowed = EnumSet.noneOf(Needs.class);
    private final Schedule schedule;
    private final History history = new History();
    private final Tally tally = new Tally();
    private final List<DrillResult.Sample> samples = new ArrayList<>();
    private volatile @Nullable Director director;
    private volatile boolean isStopped;
    private volatile boolean isOver;

    Drill(Plan plan, List<Entity<?, ?>> entities, Narrator narrator) {
        this.plan = plan;
        this.entities = entities;
        this.narrator = narrator;
        for (var needs : Needs.values()) if (needs.missing().isEmpty()) allowed.add(needs);
        var kinds = chosen(Schedule.kinds(plan.nodes(), allowed));
        if (kinds.isEmpty())
            throw StartFailure.usage("None of the chosen mishaps can happen here: "
                    + chosen(Schedule.skipped(plan.nodes(), allowed)).stream()
                            .map(mishap ->
                                    mishap.option() + " needs " + mishap.needs().missing())
                            .collect(Collectors.joining(", ", "", ".")));
        this.schedule = Schedule.of(plan.seed(), plan.duration(), plan.nodes(), kinds);
    }

    private List<Mishap> chosen(List<Mishap> kinds) {
        return kinds.stream().filter(plan.only()::contains).toList();
    }

    /** Ends the drill early and in good order: all is repaired and judged. From any thread. False if it was told before. */
    synchronized boolean stop() {
        if (isStopped) return false;
        isStopped = true;
        var running = director;
        if (running != null) running.stop();
        return true;
    }

    Plan plan() {
        return plan;
    }

    /** What will not be tried, in sentences. */
    List<String> skipped() {
        var skipped = new ArrayList<String>();
        for (var mishap : chosen(Schedule.skipped(plan.nodes(), allowed)))
            skipped.add("Skipped, not passed: " + mishap.description() + "; it needs "
                    + mishap.needs().missing() + ".");
        if (schedule.episodes().isEmpty()) skipped.add("The time is too short for any fault.");
        for (var method : plan.requests().omitted())
            skipped.add("Not called: " + method + ", which has a path of its own.");
        return skipped;
    }

    DrillResult run() throws InterruptedException {
        var begun = Instant.now();
        EventStore.migrate(plan.config());
        try (var canary = StallCanary.start();
                var cluster = TestCluster.start(plan.folder(), plan.nodes(), plan.arguments())) {
            var chronicle = new Chronicle(narrator::onHappening);
            var nodes = new Nodes(cluster, plan.nodes());
            var workload = new Workload(plan, history, nodes, tally);
            var running = new Director(cluster, plan.nodes(), chronicle, workload::rush);
            director = running;
            if (isStopped) running.stop();
            var ticker = ticker(chronicle, cluster, workload, running);
            workload.start();
            ticker.start();
            var played = running.play(schedule, plan.duration());
            if (isStopped) workload.end();
            running.repair();
            var verdict = judge(workload, running);
            isOver = true;
            ticker.join();
            return result(begun, played, verdict, running, chronicle, stalls(canary, chronicle));
        }
    }

    private DrillResult result(
            Instant begun,
            int played,
            Verdict verdict,
            Director running,
            Chronicle chronicle,
            List<DrillResult.Stall> stalls) {
        return new DrillResult(
                plan,
                Machine.here(),
                begun,
                chronicle.elapsed(),
                played,
                schedule.episodes().size(),
                isStopped,
                verdict,
                byType(),
                tally.refusals(),
                running.failures(),
                skipped(),
                tally.oddities(),
                tally.oddCount(),
                chronicle.happenings(),
                List.copyOf(samples),
                stalls,
                tally.longestWait(),
                List.of());
    }

    /** Lets all commands be decided and all streams come to their end, with all nodes up, and judges. */
    private Verdict judge(Workload workload, Director running) throws InterruptedException {
        narrator.say("all is repaired; open commands are sent again until they are decided");
        workload.end();
        var until = System.nanoTime() + DECIDE_MAX.toNanos();
        while (workload.hasOpen()) {
            if (System.nanoTime() > until) workload.giveUp();
            running.lookAndStart();
            Thread.sleep(50);
        }
        running.repair();
        try (var store = EventStore.open(plan.config())) {
            for (var reader : workload.readers()) awaitEnd(reader, store, running);
            narrator.say("reading the journal, and comparing it with what clients were told");
            var judge = Judge.of(workload::requestOf, entities.toArray(Entity<?, ?>[]::new));
            return judge.judge(history, Journal.of(store));
        }
    }

    /** Everything that is stored gets time to be shown; what is not shown by then counts as missing. */
    private static void awaitEnd(StreamReader reader, EventStore store, Director running) throws InterruptedException {
        var until = System.nanoTime() + STREAMS_MAX.toNanos();
        var head = store.head(reader.entity()).orTimeout(30, TimeUnit.SECONDS).join();
        while (reader.last() < head && System.nanoTime() < until) {
            running.lookAndStart();
            Thread.sleep(50);
        }
        reader.close();
    }

    private Map<String, Long> byType() {
        var counts = new TreeMap<String, Long>();
        for (var type : plan.requests().typeNames()) counts.put(type, tally.acknowledgedOf(type));
        return counts;
    }

    private static List<DrillResult.Stall> stalls(StallCanary canary, Chronicle chronicle) {
        return canary.stalls().stream()
                .map(stall -> new DrillResult.Stall(chronicle.at(stall.fromNanos()), chronicle.at(stall.toNanos())))
                .filter(stall -> !stall.to().isNegative())
                .toList();
    }

    /** Takes a sample every second, for the status line and the report. */
    private Thread ticker(Chronicle chronicle, TestCluster cluster, Workload workload, Director running) {
        return new Thread(
                () -> {
                    var before = 0L;
                    for (var next = System.nanoTime() + TICK.toNanos(); !isOver; next += TICK.toNanos()) {
                        while (!isOver && System.nanoTime() < next) LockSupport.parkNanos(next - System.nanoTime());
                        running.look();
                        workload.readers().forEach(StreamReader::leaveSilence);
                        var now = tally.acknowledged();
                        var sample = new DrillResult.Sample(chronicle.elapsed(), now - before, tally.currentWait());
                        samples.add(sample);
                        before = now;
                        narrator.status(sample, cluster.nodes());
                    }
                },
                "ticker");
    }
}

package dev.parvi.persistence.pekkojournal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.persistence.UnusableStore;
import dev.parvi.persistence.pekkojournal.JournalFinding.Gap;
import dev.parvi.persistence.pekkojournal.StockApplication.Owner;
import dev.parvi.persistence.pekkojournal.StockApplication.Replayed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What we foretell, and what the stock plugin then does, on journals that two of its applications have written. */
class StockReplayIT {
    private static final int PARTITION = 5;

    private final String keyspace = StockRing.freshKeyspace();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private StockApplication one = application();
    private StockApplication two = one;

    @BeforeEach
    void start() {
        two = application();
    }

    @AfterEach
    void stop() throws Exception {
        for (var each : opened) each.close();
    }

    @Test
    void a_journal_of_single_writers_is_clean() {
        one.own("cart-1").store("a", "b", "c");
        var owner = two.own("cart-2");
        owner.store("d");
        owner.stop();
        one.own("cart-2").store("e");
        try (var journal = StockRing.journal(keyspace)) {
            var report = journal.inspect(finding -> assertThat(finding).isNull(), progress -> {});
            assertThat(report.isClean()).isTrue();
            assertThat(report.persistenceIds()).isEqualTo(2);
            assertThat(report.events()).isEqualTo(5);
            assertForetold(journal, "cart-2");
        }
    }

    @Test
    void of_two_owners_the_one_that_began_later_wins_and_the_other_ones_acknowledged_events_are_gone() {
        one.own("cart").store("start");
        var stale = one.own("cart");
        var fresh = two.own("cart");
        stale.store("stale-2");
        fresh.store("fresh-2");
        stale.store("stale-3");
        fresh.store("fresh-3");
        stale.store("stale-4");
        stale.stop();
        fresh.stop();
        one.own("cart").store("after");
        try (var journal = StockRing.journal(keyspace)) {
            assertThat(texts(journal, "cart")).containsExactly("start", "fresh-2", "fresh-3", "after");
            assertForetold(journal, "cart");
            var findings = new ArrayList<JournalFinding>();
            var report = journal.inspect(findings::add, progress -> {});
            assertThat(findings)
                    .map(StockReplayIT::words)
                    .containsExactly("2: OVERTAKEN KEPT", "3: OLD_WRITER KEPT", "4: OLD_WRITER");
            assertThat(report.doubles()).isEqualTo(2);
            assertThat(report.discarded()).isEqualTo(3);
            assertThat(report.lost()).isEqualTo(3);
            assertThat(report.damagedIds()).isEqualTo(1);
        }
    }

    @Test
    void the_second_row_of_the_last_number_is_not_read_until_a_higher_number_is_stored() {
        var stale = one.own("cart");
        var fresh = two.own("cart");
        stale.store("stale-1");
        fresh.store("fresh-1");
        try (var journal = StockRing.journal(keyspace)) {
            assertThat(texts(journal, "cart")).containsExactly("stale-1");
            assertForetold(journal, "cart");
            fresh.stop();
            one.own("cart").store("more");
            assertThat(texts(journal, "cart")).containsExactly("fresh-1", "more");
            assertForetold(journal, "cart");
        }
    }

    @Test
    void deleted_events_are_no_gap_and_a_missing_one_is() {
        var owner = one.own("cart");
        IntStream.rangeClosed(1, 13).forEach(number -> owner.store("event-" + number));
        owner.deleteTo(7);
        owner.stop();
        try (var journal = StockRing.journal(keyspace, "target-partition-size = " + PARTITION);
                var session = StockRing.administrator()) {
            assertThat(texts(journal, "cart")).hasSize(6).startsWith("event-8");
            assertForetold(journal, "cart");
            assertThat(journal.inspect(finding -> {}, progress -> {}).isClean()).isTrue();

            session.execute("DELETE FROM " + keyspace + ".messages WHERE persistence_id = 'cart' AND partition_nr = 1"
                    + " AND sequence_nr = 9");
            assertThatThrownBy(() -> two.replay("cart")).hasMessageContaining("Sequence number [9] still missing");
            assertThat(journal.replay("cart").obstacle()).contains("number 9 is missing");
            var findings = new ArrayList<JournalFinding>();
            var report = journal.inspect(findings::add, progress -> {});
            assertThat(findings).containsExactly(new Gap("cart", 9, 9));
            assertThat(report.notReached()).isEqualTo(4);
            assertThat(report.missing()).isEqualTo(1);

            session.execute("DELETE FROM " + keyspace + ".messages WHERE persistence_id = 'cart' AND partition_nr = 1");
            findings.clear();
            journal.inspect(findings::add, progress -> {});
            assertThat(findings).containsExactly(new Gap("cart", 8, 10));
        }
    }

    @Test
    void events_behind_an_empty_partition_are_found_and_the_plugin_does_not_read_them() {
        var owner = one.own("cart");
        IntStream.rangeClosed(1, 18).forEach(number -> owner.store("event-" + number));
        owner.stop();
        try (var journal = StockRing.journal(keyspace);
                var session = StockRing.administrator()) {
            session.execute("DELETE FROM " + keyspace + ".messages WHERE persistence_id = 'cart' AND partition_nr = 1");
            assertThat(two.replay("cart")).hasSize(5);
            assertForetold(journal, "cart");
            assertThat(journal.replay("cart").obstacle()).contains("partition 1 is empty, and higher ones are not");
            var findings = new ArrayList<JournalFinding>();
            var report = journal.inspect(findings::add, progress -> {});
            assertThat(findings).containsExactly(new Gap("cart", 6, 10));
            assertThat(report.notReached()).isEqualTo(8);
            assertThat(report.isClean()).isFalse();
            assertThat(report.damagedIds()).isEqualTo(1);
            assertThat(report.persistenceIds()).isEqualTo(1);
        }
    }

    @Test
    void whatever_writers_did_to_each_other_is_foretold() {
        var random = new Random(20_261_125);
        var written = 0L;
        for (var cart = 0; cart < 60; cart++) written += quarrel("cart-" + cart, random);
        try (var journal = StockRing.journal(keyspace, "page-size = 3")) {
            var theirs = new HashMap<String, List<Replayed>>();
            for (var cart = 0; cart < 60; cart++) theirs.put("cart-" + cart, two.replay("cart-" + cart));
            var ours = new ConcurrentHashMap<String, List<Replayed>>();
            journal.forEach(replay -> ours.put(replay.persistenceId(), replayed(replay)), () -> {});
            assertThat(ours).isEqualTo(theirs);

            var findings = new ArrayList<JournalFinding>();
            var report = journal.inspect(findings::add, progress -> {});
            var delivered = theirs.values().stream().mapToLong(List::size).sum();
            assertThat(report.events()).isEqualTo(written);
            assertThat(report.lost()).isEqualTo(written - delivered);
            assertThat(report.gaps()).isZero();
            var fates = findings.stream()
                    .flatMap(finding -> finding.fold(c -> c.rows().stream(), gap -> java.util.stream.Stream.empty()))
                    .map(row -> ((JournalFinding.Judged) row).fate())
                    .distinct();
            assertThat(fates)
                    .contains(Fate.KEPT, Fate.OLD_WRITER, Fate.OVERTAKEN, Fate.LAST_NUMBER, Fate.OTHER_PARTITION);
        }
    }

    @Test
    void a_url_that_leads_to_no_journal_ends_in_a_sentence_that_names_those_that_are_there() {
        one.own("cart").store("a");
        assertThatThrownBy(() -> StockRing.journal("nothing_here"))
                .isInstanceOf(UnusableStore.class)
                .hasMessageStartingWith("there is no table nothing_here.messages: journals are in ")
                .hasMessageContaining(keyspace);
        assertThatThrownBy(() -> StockRing.journal("")).hasMessageContaining("names no keyspace");
        assertThatThrownBy(() -> StockRing.journal(keyspace, "table = metadata"))
                .hasMessageContaining("has no column");
    }

    /** Up to three owners at a time, in two processes, that store one to three events at once and are sometimes replaced. */
    private long quarrel(String persistenceId, Random random) {
        var owners = new ArrayList<Owner>();
        for (var i = 0; i < 3; i++) owners.add(application(random).own(persistenceId));
        var written = 0;
        for (var step = 0; step < 14; step++) {
            var which = random.nextInt(owners.size());
            if (random.nextInt(6) == 0) {
                owners.get(which).stop();
                owners.set(which, application(random).own(persistenceId));
            }
            var events = new String[1 + random.nextInt(3)];
            for (var i = 0; i < events.length; i++) events[i] = which + "-" + written++;
            owners.get(which).store(events);
        }
        owners.forEach(Owner::stop);
        return written;
    }

    private StockApplication application(Random random) {
        return random.nextBoolean() ? one : two;
    }

    private StockApplication application() {
        var application = new StockApplication(StockRing.stockConfig(keyspace, PARTITION));
        opened.add(application);
        return application;
    }

    /** Asks the plugin in the other process, and compares number by number. */
    private void assertForetold(PekkoJournal journal, String persistenceId) {
        assertThat(replayed(journal.replay(persistenceId))).isEqualTo(two.replay(persistenceId));
    }

    private static List<Replayed> replayed(PekkoJournal.Replay replay) {
        var replayed = new ArrayList<Replayed>();
        replay.events(event ->
                replayed.add(new Replayed(event.sequenceNr(), event.payload().toStringUtf8())));
        return replayed;
    }

    private static List<String> texts(PekkoJournal journal, String persistenceId) {
        return replayed(journal.replay(persistenceId)).stream()
                .map(Replayed::event)
                .toList();
    }

    private static String words(JournalFinding finding) {
        return finding.fold(
                contested -> contested.sequenceNr() + ":"
                        + contested.rows().stream().map(row -> " " + row.fate()).reduce("", String::concat),
                gap -> "gap " + gap.from() + " to " + gap.to());
    }
}

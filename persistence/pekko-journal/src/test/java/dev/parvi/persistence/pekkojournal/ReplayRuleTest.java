package dev.parvi.persistence.pekkojournal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.parvi.persistence.pekkojournal.PekkoJournalSettings.Filter;
import dev.parvi.persistence.pekkojournal.PekkoJournalSettings.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.ReplayFilter;
import org.apache.pekko.testkit.TestProbe;
import org.jspecify.annotations.Nullable;

/** Our rule and Pekko's own filter, given the same events. */
class ReplayRuleTest {
    private static final Map<Mode, ReplayFilter.Mode> THEIRS = Map.of(
            Mode.REPAIR_BY_DISCARD_OLD, ReplayFilter.RepairByDiscardOld$.MODULE$,
            Mode.WARN, ReplayFilter.Warn$.MODULE$,
            Mode.FAIL, ReplayFilter.Fail$.MODULE$);
    private static @Nullable ActorSystem system;

    @BeforeContainer
    static void start() {
        system = ActorSystem.create("filter", ConfigFactory.parseString("pekko.loglevel = off"));
    }

    @AfterContainer
    static void stop() {
        if (system != null) system.terminate();
    }

    @Property(tries = 400)
    void the_rule_delivers_what_pekkos_filter_delivers(
            @ForAll("journals") List<JournalEvent> events, @ForAll("filters") Filter filter) {
        assertThat(kept(events, filter, false)).isEqualTo(theirs(events, filter));
    }

    @Property(tries = 200)
    void deciding_early_changes_nothing_when_numbers_only_grow(
            @ForAll("journals") List<JournalEvent> events, @ForAll("filters") Filter filter) {
        var sorted = events.stream()
                .sorted((a, b) -> Long.compare(a.sequenceNr(), b.sequenceNr()))
                .toList();
        if (filter.mode() != Mode.FAIL) assertThat(kept(sorted, filter, true)).isEqualTo(theirs(sorted, filter));
    }

    @Provide
    Arbitrary<List<JournalEvent>> journals() {
        var event = Combinators.combine(Arbitraries.longs().between(1, 12), Arbitraries.of("a", "b", "c", "d", ""))
                .as(ReplayRuleTest::event);
        return event.list().ofMaxSize(40);
    }

    @Provide
    Arbitrary<Filter> filters() {
        return Combinators.combine(
                        Arbitraries.of(THEIRS.keySet()),
                        Arbitraries.integers().between(1, 12),
                        Arbitraries.integers().between(1, 3))
                .as(Filter::new);
    }

    private static List<String> kept(List<JournalEvent> events, Filter filter, boolean settles) {
        var kept = new ArrayList<String>();
        var rule = new ReplayRule(filter, (event, fate) -> {
            if (fate == Fate.KEPT)
                kept.add(
                        word(event.writer(), event.sequenceNr(), event.payload().toStringUtf8()));
        });
        for (var event : numbered(events)) {
            if (settles) rule.settleBelow(event.sequenceNr());
            rule.offer(event);
        }
        rule.end();
        if (rule.hasFailed()) kept.add("failed");
        return kept;
    }

    private static List<String> theirs(List<JournalEvent> events, Filter filter) {
        if (system == null) throw new IllegalStateException("not started");
        var probe = new TestProbe(system);
        var theirs = system.actorOf(ReplayFilter.props(
                probe.ref(), THEIRS.get(filter.mode()), filter.windowSize(), filter.oldWritersMax(), false));
        for (var event : numbered(events))
            theirs.tell(
                    new JournalProtocol.ReplayedMessage(PersistentRepr.apply(
                            event.payload().toStringUtf8(),
                            event.sequenceNr(),
                            "id",
                            "",
                            false,
                            ActorRef.noSender(),
                            event.writer())),
                    ActorRef.noSender());
        theirs.tell(new JournalProtocol.RecoverySuccess(12), ActorRef.noSender());
        var delivered = new ArrayList<String>();
        while (true) {
            var message = probe.receiveOne(scala.jdk.javaapi.DurationConverters.toScala(Duration.ofSeconds(10)));
            if (message instanceof JournalProtocol.ReplayedMessage replayed) {
                var event = replayed.persistent();
                delivered.add(word(event.writerUuid(), event.sequenceNr(), (String) event.payload()));
                continue;
            }
            if (message instanceof JournalProtocol.ReplayMessagesFailure) delivered.add("failed");
            else assertThat(message).isInstanceOf(JournalProtocol.RecoverySuccess.class);
            return delivered;
        }
    }

    /** Each with a payload that tells it from all others. */
    private static List<JournalEvent> numbered(List<JournalEvent> events) {
        var numbered = new ArrayList<JournalEvent>();
        for (var event : events)
            numbered.add(new JournalEvent(
                    "id",
                    event.sequenceNr(),
                    event.timestamp(),
                    event.writer(),
                    20,
                    "",
                    "",
                    ByteString.copyFromUtf8("#" + numbered.size())));
        return numbered;
    }

    private static JournalEvent event(long number, String writer) {
        return new JournalEvent("id", number, new UUID(0x1000, 0), writer, 20, "", "", ByteString.EMPTY);
    }

    private static String word(String writer, long number, String payload) {
        return writer + number + payload;
    }
}

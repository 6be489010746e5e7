package dev.parvi.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.parvi.entity.EntityType;
import dev.parvi.entity.Ledger;
import dev.parvi.protobuf.EventRecord;
import dev.parvi.testkit.history.Operation.End;
import dev.parvi.testkit.history.Operation.Kind;
import dev.parvi.testkit.history.Script.Seen;
import dev.parvi.testkit.history.Script.Told;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judges are judged: each planted fault is found by the checker that it is for, with a sentence that says where to look. */
class CheckersTest {
    private static final String A = "ledger/a";

    private final Script script = new Script();

    @BeforeEach
    void three_commands_one_after_the_other() {
        script.send("a", "Add", "k1-5", 1_000, 2_000, 0);
        script.send("a", "Split", "k2-4", 3_000, 4_000, 0);
        script.send("a", "Add", "k3-6", 5_000, 6_000, 0);
    }

    @Test
    void an_honest_history_holds() {
        script.send("a", "Add", "k3-6", 6_500, 7_000, 1);
        script.send("a", "Take", "k4-100", 7_000, 8_000, 0);
        script.ask(Kind.CONFIRMED_QUERY, "a", 4, 8_000, 9_000);
        script.ask(Kind.QUERY, "a", 1, 8_000, 9_000);
        script.seen.add(new Seen("a", 2, List.of(2L, 3L, 4L), List.of("", "k2-4", "k3-6"), true));

        assertThat(script.verdict())
                .hasToString("holds (1 entities, 0 of them deleted; 4 acknowledged, 1 of them again; 2 answered,"
                        + " 1 refused, 0 undecided, 1 retried; 3 commands stored, 0 of them by strangers; 3 events"
                        + " in 1 streams)");
        assertThat(script.verdict().holds()).isTrue();
    }

    @Test
    void what_is_not_in_the_journal_is_lost() {
        script.books.of(A).remove(4L);

        found(
                "lost",
                "Add k3-6 of c on ledger/a (0.000005 s to 0.000006 s) was acknowledged at revision 4, the journal ends"
                        + " at 3");
    }

    @Test
    void an_acknowledgement_whose_revision_another_command_has_is_lost() {
        change(2, told -> told.withRevision(1));

        found("lost", "Add k3-6 of c on ledger/a", "at revision 1, where the journal has the key k1-5");
    }

    @Test
    void an_acknowledgement_in_the_middle_of_a_command_is_lost() {
        change(2, told -> told.withRevision(2));

        found("lost", "at revision 2, where the journal has no outcome");
    }

    @Test
    void another_reply_than_the_stored_one_is_found() {
        change(0, told -> told.withReply(ByteString.copyFromUtf8("other")));

        found("lost", "Add k1-5", "at revision 1 with the reply", "where the journal has the reply");
    }

    @Test
    void another_method_than_the_stored_one_is_found() {
        change(0, told -> told.withMethod("Take"));

        found("lost", "Take k1-5", "at revision 1, where the journal has the method Add");
    }

    @Test
    void a_query_that_showed_what_is_not_stored_is_found() {
        script.ask(Kind.QUERY, "a", 5, 7_000, 8_000);

        found("lost", "Read of c on ledger/a", "showed revision 5, the journal ends at 4");
    }

    @Test
    void a_revision_acknowledged_to_two_keys_is_found() {
        change(2, told -> told.withRevision(3));

        found("twice", "ledger/a revision 3 was acknowledged to Split k2-4", "and to Add k3-6");
    }

    @Test
    void a_revision_acknowledged_to_two_commands_without_keys_is_found() {
        var history = new History();
        history.command("c", "ledger", "a", "Add", "").acknowledged(1, false);
        history.command("d", "ledger", "a", "Add", "").acknowledged(1, false);

        assertThat(Judge.of(new Ledger()).judge(history, script.books).violationsOf("twice"))
                .isEqualTo(1);
    }

    @Test
    void a_command_that_was_stored_below_an_earlier_one_is_found() {
        change(0, told -> told.withTimes(8_000, 9_000));

        found(
                "order",
                "Add k1-5 of c on ledger/a (0.000008 s to 0.000009 s) was told revision 1, after revision 4 had been"
                        + " told to Add k3-6");
    }

    @Test
    void commands_at_the_same_time_have_any_order() {
        change(0, told -> told.withTimes(5_500, 9_000));
        change(1, told -> told.withTimes(5_800, 6_200));

        assertThat(script.verdict().violations())
                .allSatisfy((checker, count) -> assertThat(count).isZero());
    }

    @Test
    void a_stale_confirmed_query_is_found_and_a_stale_one_of_the_owner_is_not() {
        script.ask(Kind.QUERY, "a", 3, 7_000, 8_000);
        assertThat(script.verdict().holds()).isTrue();

        script.ask(Kind.CONFIRMED_QUERY, "a", 3, 7_000, 8_000);
        found("order", "Read of c on ledger/a", "was told revision 3, after revision 4 had been told to Add k3-6");
    }

    @Test
    void a_command_below_what_a_query_had_shown_is_found() {
        script.ask(Kind.QUERY, "a", 4, 100, 200);

        found("order", "Add k1-5", "was told revision 1, after revision 4 had been told to Read");
    }

    @Test
    void a_key_that_is_stored_twice_is_found() {
        var again = script.books.event(A, 1);
        var outcome = again.getOutcome().toBuilder().setRevision(5);
        script.books.append(A, List.of(again.toBuilder().setOutcome(outcome).build()));

        found("once", "ledger/a revision 5 has the key k1-5 of revision 1");
        assertThat(script.verdict().violationsOf("replay"))
                .as("the pipeline knows the key too")
                .isEqualTo(1);
    }

    @Test
    void a_key_that_was_acknowledged_twice_is_found() {
        script.send("a", "Add", "k3-6", 6_500, 7_000, 0);
        change(3, told -> told.withRevision(1));

        found("once", "Add k3-6", "was acknowledged at revision 4, and Add k3-6", "at revision 1");
    }

    @Test
    void a_key_that_was_acknowledged_with_two_replies_is_found() {
        script.send("a", "Add", "k3-6", 6_500, 7_000, 0);
        change(3, told -> told.withReply(ByteString.copyFromUtf8("other")));

        found("once", "Add k3-6", "were told of revision 4 with different replies");
    }

    @Test
    void a_refused_command_that_is_stored_is_found() {
        change(1, told -> told.withEnd(End.REFUSED));

        found("once", "ledger/a revision 3 is of Split k2-4", "of which nothing was to be stored");
    }

    @Test
    void a_refusal_after_an_attempt_without_an_answer_may_be_stored() {
        var refused = script.told.get(1).withEnd(End.REFUSED);
        script.told.set(
                1, new Told(refused.kind(), "a", "Split", "k2-4", 3_000, 4_000, End.REFUSED, 0, refused.reply(), 1));

        assertThat(script.verdict().holds()).isTrue();
    }

    @Test
    void an_outcome_of_another_revision_is_found() {
        store(1, event -> event.setOutcome(event.getOutcome().toBuilder().setRevision(9)));

        found("once", "ledger/a revision 1 carries an outcome of revision 9");
    }

    @Test
    void a_command_that_another_entity_stored_is_found() {
        script.send("b", "Add", "k9-1", 1_000, 2_000, 0);
        change(3, told -> told.at("a"));

        found("wrong entity", "ledger/b revision 1 has the key k9-1, which was sent to ledger/a");
    }

    @Test
    void one_key_may_be_sent_to_two_entities() {
        script.send("b", "Add", "k1-5", 1_000, 2_000, 0);

        assertThat(script.verdict().holds()).isTrue();
    }

    @Test
    void strangers_are_counted() {
        script.told.remove(1);

        assertThat(script.verdict().holds()).isTrue();
        assertThat(script.verdict().counts().strangers()).isEqualTo(1);
    }

    @Test
    void a_stream_with_a_gap_is_found() {
        script.seen.add(new Seen("a", 1, List.of(1L, 3L, 4L), List.of("", "", ""), true));

        found("stream", "the stream of ledger/a to r showed revision 3, expected was 2");
    }

    @Test
    void a_stream_that_repeats_an_event_is_found() {
        script.seen.add(new Seen("a", 1, List.of(1L, 2L, 2L, 3L, 4L), List.of("", "", "", "", ""), true));

        found("stream", "the stream of ledger/a to r showed revision 2, expected was 3");
    }

    @Test
    void a_stream_that_begins_late_or_ends_early_is_found() {
        script.seen.add(new Seen("a", 1, List.of(2L, 3L, 4L), List.of("", "", ""), true));
        script.seen.add(new Seen("a", 3, List.of(3L), List.of(""), true));
        script.seen.add(new Seen("a", 3, List.of(3L), List.of(""), false));

        found("stream", "showed revision 2, expected was 1");
        found("stream", "ended before revision 4, the journal ends at 4");
        assertThat(script.verdict().violationsOf("stream")).isEqualTo(2);
    }

    @Test
    void a_stream_that_shows_what_is_not_stored_is_found() {
        script.seen.add(new Seen("a", 4, List.of(4L, 5L), List.of("", ""), false));
        script.seen.add(new Seen("a", 3, List.of(3L), List.of("k1-5"), false));

        found("stream", "showed revision 5, the journal ends at 4");
        found("stream", "showed revision 3 with the key k1-5, the journal has the key k2-4");
    }

    @Test
    void a_command_that_nobody_knows_the_end_of_is_found() {
        change(0, told -> told.withEnd(End.UNDECIDED));
        change(1, told -> told.withEnd(End.OPEN));

        found("undecided", "nobody knows what became of Add k1-5 of c on ledger/a (0.000001 s to 0.000002 s)");
        found("undecided", "nobody knows what became of Split k2-4 of c on ledger/a (begun at 0.000003 s)");
    }

    @Test
    void an_event_that_cannot_be_applied_is_found() {
        script.send("b", "Add", "k9-12", 1_000, 2_000, 0);
        var cursed = Ledger.cursed(13).toByteString();
        var event = script.books.event("ledger/b", 1).toBuilder().setPayload(cursed);
        script.books.of("ledger/b").put(1L, event.build());

        found("replay", "ledger/b: event 1 could not be applied: java.lang.IllegalStateException: cursed");
    }

    @Test
    void a_missing_event_is_found() {
        script.books.of(A).remove(2L);

        found("replay", "the record of ledger/a at revision 2 is missing");
    }

    @Test
    void a_missing_beginning_is_found() {
        script.books.of(A).remove(1L);

        found("replay", "ledger/a: event 2 follows event 0");
    }

    @Test
    void an_event_that_the_command_does_not_lead_to_is_found() {
        store(4, event -> event.setPayload(Ledger.added(7).toByteString()));

        found("replay", "ledger/a revision 4: Add k3-6 decided again gives other events or another reply");
    }

    @Test
    void before_a_tombstone_everything_may_be_missing_and_behind_it_nothing() {
        script.send("a", EntityType.DELETION, "k4-0", 7_000, 8_000, 0);
        script.seen.add(new Seen("a", 2, List.of(2L, 5L), List.of("", "k4-0"), true));
        for (var removed = 1L; removed <= 4; removed++) {
            script.books.of(A).remove(removed);
            assertThat(script.verdict().sentences()).isEmpty();
            assertThat(script.verdict().counts().deleted()).isEqualTo(1);
        }
        script.books.of(A).remove(5L);
        found("lost", EntityType.DELETION + " k4-0", "was acknowledged at revision 5, the journal ends at 0");
    }

    @Test
    void sentences_are_bounded_and_counts_are_not() {
        for (var n = 0; n < 50; n++) script.ask(Kind.QUERY, "a", 5, 7_000, 8_000);

        assertThat(script.verdict().violationsOf("lost")).isEqualTo(50);
        assertThat(script.verdict().sentences()).hasSize(20);
        assertThat(script.verdict()).asString().startsWith("BROKEN: 50 lost (1 entities");
    }

    @Test
    void an_author_can_add_a_checker() {
        var mine = new Checker() {
            @Override
            public String name() {
                return "mine";
            }

            @Override
            public void check(Evidence evidence, Consumer<String> onViolation) {
                if (evidence.stored().head() > 3) onViolation.accept(evidence.entity() + " grew");
            }
        };

        var verdict = Judge.of(new Ledger()).with(mine).judge(script.history(), script.books);
        assertThat(verdict.sentences()).containsExactly("mine: ledger/a grew");
    }

    private void found(String checker, String... parts) {
        assertThat(script.verdict().sentences())
                .as("what %s finds", checker)
                .anySatisfy(sentence ->
                        assertThat(sentence).startsWith(checker + ": ").contains(parts));
    }

    private void change(int index, UnaryOperator<Told> change) {
        script.told.set(index, change.apply(script.told.get(index)));
    }

    private void store(long revision, UnaryOperator<EventRecord.Builder> change) {
        var event = script.books.event(A, revision).toBuilder();
        script.books.of(A).put(revision, change.apply(event).build());
    }
}

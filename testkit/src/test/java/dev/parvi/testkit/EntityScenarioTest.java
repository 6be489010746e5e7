package dev.parvi.testkit;

import static dev.parvi.testkit.CounterEntity.added;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parvi.entity.CommandContext;
import dev.parvi.entity.Effect;
import dev.parvi.entity.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class EntityScenarioTest {
    private static final Instant NOON = Instant.parse("2030-06-01T12:00:00Z");

    private final EntityScenario<CounterState, CounterEvent> counter = EntityScenario.of(new Counter(), "c1");

    @Test
    void a_command_is_told_with_its_events_reply_state_and_revision() {
        counter.given(added(2), added(3))
                .at(NOON)
                .after(Duration.ofSeconds(1))
                .as("alice")
                .when("Add", add(4))
                .thenEvents(added(4))
                .thenReply(total(9, "alice", NOON.plusSeconds(1)))
                .thenState(state(9))
                .thenRevision(3);
    }

    @Test
    void commands_follow_each_other() {
        counter.when("Add", add(1)).when("Add", add(2)).thenEvents(added(2)).thenState(state(3));
    }

    @Test
    void a_query_stores_nothing() {
        counter.given(added(2)).when("Get", GetRequest.getDefaultInstance()).thenNoEvents();
        assertThat(counter.reply(Total.class).getTotal()).isEqualTo(2);
    }

    @Test
    void what_is_not_deletable_says_how_it_would_be() {
        assertThatThrownBy(() -> counter.given(added(2)).whenDeleted())
                .isInstanceOf(AssertionError.class)
                .hasMessage("counter cannot be deleted: write deletable: true into the option (parvi.v1.entity)");
        assertThatThrownBy(counter.when("Add", add(1))::thenDeleted)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("unexpected life");
    }

    @Test
    void a_refused_command_stores_nothing() {
        counter.when("Add", add(13))
                .thenNoEvents()
                .thenRejected(Rejection.Code.INVALID_ARGUMENT)
                .thenRejected(Rejection.Code.INVALID_ARGUMENT, "amount");
        assertThat(counter.rejection().message()).isEqualTo("unlucky");
    }

    @Test
    void the_same_key_gets_the_stored_reply_and_the_next_command_has_none() {
        counter.withKey("k1")
                .when("Add", add(1))
                .when("Add", add(1))
                .thenState(state(2))
                .withKey("k1")
                .when("Add", add(1))
                .thenNoEvents()
                .thenState(state(2));
        assertThat(counter.reply(Total.class).getTotal()).isEqualTo(1);
    }

    @Test
    void a_command_may_insist_on_a_revision() {
        counter.ifRevision(0)
                .when("Add", add(1))
                .thenRevision(1)
                .ifRevision(0)
                .when("Add", add(1))
                .thenRejected(Rejection.Code.REVISION_MISMATCH);
    }

    @Test
    void a_long_history_is_checked_in_milliseconds() {
        counter.given(Collections.nCopies(2_000, added(1)).toArray(CounterEvent[]::new));
        counter.when("Add", add(1)).thenState(state(2_001));
    }

    @Nested
    final class What_does_not_hold {
        @Test
        void shows_both_sides() {
            assertFailure(() -> counter.when("Add", add(4)).thenEvents(added(5)), """
                    unexpected events
                      expected: CounterEvent { added { amount: 5 } }
                      but was:  CounterEvent { added { amount: 4 } }""");
            assertFailure(() -> counter.thenNoEvents(), """
                    unexpected events
                      expected: none
                      but was:  CounterEvent { added { amount: 4 } }""");
            assertFailure(() -> counter.thenState(state(5)), """
                    unexpected state
                      expected: CounterState { total: 5 }
                      but was:  CounterState { total: 4 }""");
            assertFailure(() -> counter.thenRevision(2), """
                    unexpected revision
                      expected: 2
                      but was:  1""");
            assertFailure(() -> counter.thenReply(GetRequest.getDefaultInstance()), """
                    unexpected reply
                      expected: GetRequest {}
                      but was:  Total { total: 4 time_millis: 1767225600000 }""");
        }

        @Test
        void shows_a_reply_where_a_rejection_was_due_and_the_other_way_round() {
            assertFailure(() -> counter.when("Add", add(4)).thenRejected(Rejection.Code.NOT_FOUND), """
                    unexpected outcome
                      expected: a rejection
                      but was:  Total { total: 4 time_millis: 1767225600000 }""");
            assertFailure(() -> counter.when("Add", add(13)).thenReply(GetRequest.getDefaultInstance()), """
                    unexpected outcome
                      expected: a reply
                      but was:  INVALID_ARGUMENT of the field amount: unlucky""");
            assertFailure(() -> counter.thenRejected(Rejection.Code.INVALID_ARGUMENT, "total"), """
                    unexpected rejection
                      expected: INVALID_ARGUMENT of the field total
                      but was:  INVALID_ARGUMENT of the field amount: unlucky""");
        }

        @Test
        void carries_what_the_command_threw() {
            assertThatThrownBy(() -> counter.when("Add", add(666)).thenReply(GetRequest.getDefaultInstance()))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("ENTITY_FAILED: Add failed with UnsupportedOperationException")
                    .hasRootCauseMessage("broken at 666");
        }

        @Test
        void names_an_rpc_or_a_request_that_does_not_exist() {
            assertFailure(() -> counter.when("Subtract", add(1)), "counter has no rpc Subtract, only [Add, Get]");
            assertFailure(() -> counter.when("Get", add(1)), "Get takes a GetRequest, not a AddRequest");
        }

        @Test
        void needs_a_command_first() {
            assertThatThrownBy(() -> counter.thenNoEvents()).hasMessageContaining("there was no command yet");
        }
    }

    @Nested
    final class Code_that_is_no_pure_function {
        private long calls;

        @Test
        void fails_where_a_command_is_decided_twice() {
            var impure = EntityScenario.of(new Counter() {
                @Override
                protected Effect<Total> add(CounterState state, AddRequest command, CommandContext context) {
                    return persist(added(++calls)).thenReply(after -> Total.getDefaultInstance());
                }
            });

            assertFailure(() -> impure.when("Add", add(1)), """
                    Add is not a pure function: on one state it decided
                      once:  Total {}, events: CounterEvent { added { amount: 2 } }
                      again: Total {}, events: CounterEvent { added { amount: 1 } }
                    Let it depend on its arguments only; the time is context.time().""");
        }

        @Test
        void fails_where_events_are_replayed() {
            var impure = EntityScenario.of(new Counter() {
                @Override
                protected CounterState added(CounterState state, Added event) {
                    return state.toBuilder().setTotal(++calls).build();
                }
            });

            assertThatThrownBy(() -> impure.given(added(1)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("replay does not give the state that the commands left\n"
                            + "  live:     CounterState { total: 1 }\n"
                            + "  replayed: CounterState { total: 2 }\n");
        }

        @Test
        void fails_where_an_event_cannot_be_applied() {
            assertThatThrownBy(() -> counter.given(added(1), added(777)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("event 2 could not be applied: java.lang.ArithmeticException: 777 is too odd\n"
                            + "  event: CounterEvent { added { amount: 777 } }\n"
                            + "  state: CounterState { total: 1 }")
                    .hasRootCauseInstanceOf(ArithmeticException.class);
        }
    }

    @Test
    void an_author_may_expect_a_failure() {
        assertThatCode(() -> counter.when("Add", add(666)).thenRejected(Rejection.Code.ENTITY_FAILED))
                .doesNotThrowAnyException();
    }

    private static void assertFailure(ThrowingCallable step, String message) {
        assertThatThrownBy(step).isInstanceOf(AssertionError.class).hasMessage(message);
    }

    private static AddRequest add(long amount) {
        return AddRequest.newBuilder().setAmount(amount).build();
    }

    private static CounterState state(long total) {
        return CounterState.newBuilder().setTotal(total).build();
    }

    private static Total total(long total, String caller, Instant time) {
        return Total.newBuilder()
                .setTotal(total)
                .setCaller(caller)
                .setTimeMillis(time.toEpochMilli())
                .build();
    }
}

package dev.parvi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parvi.entity.NotServing;
import dev.parvi.entity.Rejection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class InMemoryEntitiesTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private final CounterClient counters = CounterClient.of(InMemoryEntities.of(CLOCK, new Counter()));

    @Test
    void each_id_is_an_entity_of_its_own() {
        assertThat(counters.add("a", add(1)).join().getTotal()).isEqualTo(1);
        assertThat(counters.add("a", add(2)).join().getTotal()).isEqualTo(3);
        assertThat(counters.add("b", add(5)).join().getTotal()).isEqualTo(5);
        assertThat(counters.get("a", GetRequest.getDefaultInstance()).join().getTotal())
                .isEqualTo(3);
    }

    @Test
    void two_commands_without_a_key_are_two_commands_and_two_with_one_key_are_one() {
        var once = counters.withKey("k1");

        assertThat(once.add("a", add(1)).join().getTotal()).isEqualTo(1);
        assertThat(once.add("a", add(1)).join().getTotal()).isEqualTo(1);
        assertThat(counters.add("a", add(1)).join().getTotal()).isEqualTo(2);
    }

    @Test
    void a_future_fails_with_the_outcome_itself() {
        assertThat(failure(counters.add("a", add(13))))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.code()).isEqualTo(Rejection.Code.INVALID_ARGUMENT));
        assertThat(failure(counters.ifRevision(7).add("a", add(1))))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.code()).isEqualTo(Rejection.Code.REVISION_MISMATCH));
        assertThat(failure(counters.within(Duration.ofHours(-1)).add("a", add(1))))
                .isInstanceOf(NotServing.class);
        assertThat(failure(CounterClient.of(InMemoryEntities.of(CLOCK)).add("a", add(1))))
                .isInstanceOf(NotServing.class)
                .hasMessage("nobody serves the type counter");
    }

    @Test
    void the_principal_and_the_time_reach_the_entity() {
        var noon = Instant.parse("2030-06-01T12:00:00Z");
        var entities = InMemoryEntities.of(Clock.fixed(noon, ZoneOffset.UTC), new Counter());
        var late = CounterClient.of(entities).within(Duration.ofDays(36_500));

        var total = late.as("alice").add("a", add(1)).join();

        assertThat(total.getCaller()).isEqualTo("alice");
        assertThat(total.getTimeMillis()).isEqualTo(noon.toEpochMilli());
    }

    /** As a callback sees it, without what {@code join} wraps around it. */
    private static Throwable failure(CompletableFuture<?> future) {
        var seen = new AtomicReference<Throwable>(new AssertionError("it did not fail"));
        future.whenComplete((reply, failure) -> seen.set(failure));
        return Objects.requireNonNull(seen.get());
    }

    private static AddRequest add(long amount) {
        return AddRequest.newBuilder().setAmount(amount).build();
    }
}

package dev.parvi.persistence.cassandra;

import static dev.parvi.persistence.StoreClient.appendOf;
import static dev.parvi.persistence.StoreClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import dev.parvi.entity.NotServing;
import dev.parvi.entity.OutcomeUnknown;
import dev.parvi.persistence.DamagedRecord;
import dev.parvi.persistence.EventStore;
import dev.parvi.persistence.EventStore.Appended;
import dev.parvi.persistence.EventStore.Fenced;
import dev.parvi.persistence.StoreClient;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Requests whose answers are lost: carried out, not carried out, or carried out later, when nobody waits for them any more. */
final class LostAnswersIT {
    private static final String PATIENT = "cassandra.resolve-timeout = 5m";
    private static final Duration PROMPT = Duration.ofSeconds(60);

    private final String url = OneNode.freshUrl();

    @Test
    void an_append_that_was_carried_out_is_a_success_though_its_answer_was_lost() {
        var faults = new Faults(Fate.CARRIED_OUT);
        try (var store = faults.open(url)) {
            assertThat(get(store.append(appendOf("a", 0, "w", "one")))).isEqualTo(new Appended(1));
            assertThat(new StoreClient(store).records("a")).containsExactly("one");
        }
    }

    @Test
    void an_append_that_got_lost_is_sent_again() {
        var faults = new Faults(Fate.LOST);
        try (var store = faults.open(url)) {
            assertThat(get(store.append(appendOf("a", 0, "w", "one")))).isEqualTo(new Appended(1));
            assertThat(new StoreClient(store).records("a")).containsExactly("one");
        }
    }

    @Test
    void a_rival_that_comes_between_fences_the_lost_append() {
        var faults = new Faults(Fate.LOST);
        try (var store = faults.open(url);
                var other = OneNode.open(url)) {
            faults.whenLost = () -> new StoreClient(other).append("a", 0, "rival", "two");
            assertThat(get(store.append(appendOf("a", 0, "w", "one")))).isEqualTo(new Fenced(1));
            assertThat(new StoreClient(store).records("a")).containsExactly("two");
        }
    }

    @Test
    void a_request_that_is_carried_out_late_is_not_carried_out_twice() {
        var random = new Random(7);
        var faults = new Faults(Fate.CARRIED_OUT);
        try (var store = faults.open(url)) {
            for (var revision = 0; revision < 60; revision++) {
                faults.next = Fate.values()[random.nextInt(Fate.values().length)];
                assertThat(get(store.append(appendOf("a", revision, "w", "event " + revision))))
                        .isEqualTo(new Appended(revision + 1));
            }
            assertThat(new StoreClient(store).replay("a"))
                    .hasSize(60)
                    .allSatisfy(event ->
                            assertThat(event.record().toStringUtf8()).isEqualTo("event " + (event.revision() - 1)));
        }
    }

    @Test
    void an_append_goes_on_when_the_answer_to_the_seal_before_it_is_lost() {
        var faults = new Faults(Fate.CARRIED_OUT);
        try (var store = faults.open(url, "cassandra.bucket-events-max = 2")) {
            get(store.append(appendOf("a", 0, "w", "one", "two")));
            faults.sealsLost = 1;
            assertThat(get(store.append(appendOf("a", 2, "w", "three")))).isEqualTo(new Appended(3));
            assertThat(faults.sealsLost).isZero();
            assertThat(new StoreClient(store).records("a")).containsExactly("one", "two", "three");
        }
    }

    @Test
    void an_append_that_was_sent_and_never_answered_is_unknown_and_said_to_be() {
        var faults = new Faults(Fate.LOST);
        try (var store = faults.open(url, "cassandra.request-timeout = 5s", "cassandra.resolve-timeout = 6s")) {
            faults.whenLost = () -> faults.isSilent = true;
            assertThat(StoreClient.failureOf(store.append(appendOf("a", 0, "w", "one"))))
                    .isInstanceOf(OutcomeUnknown.class)
                    .hasCauseInstanceOf(DriverTimeoutException.class);
        }
    }

    /** It is an answer: to ask until the time is up would only hide it. */
    @Test
    void a_damaged_event_that_is_met_while_an_outcome_is_looked_for_is_said_to_be_damaged() {
        var faults = new Faults(Fate.CARRIED_OUT);
        try (var store = faults.open(url, PATIENT);
                var session = OneNode.session()) {
            faults.whenCarriedOut = () -> session.execute("UPDATE " + keyspace() + ".event SET checksum = 0"
                    + " WHERE entity = 'a' AND bucket = 0 AND kind = 0 AND number = 1 AND revision = 0 IF EXISTS");
            assertThat(failureWithin(PROMPT, store.append(appendOf("a", 0, "w", "one"))))
                    .isInstanceOf(DamagedRecord.class)
                    .hasMessageContaining("checksum");
        }
    }

    @Test
    void a_request_that_the_ring_refuses_while_an_outcome_is_looked_for_is_not_repeated() {
        var faults = new Faults(Fate.LOST);
        try (var store = faults.open(url, PATIENT);
                var session = OneNode.session()) {
            faults.whenLost = () -> session.execute("DROP TABLE " + keyspace() + ".event");
            assertThat(failureWithin(PROMPT, store.append(appendOf("a", 0, "w", "one"))))
                    .isInstanceOf(OutcomeUnknown.class)
                    .hasCauseInstanceOf(QueryValidationException.class);
        }
    }

    @Test
    void an_append_that_was_never_sent_is_known_not_to_be_stored() {
        var faults = new Faults(Fate.LOST);
        try (var store = faults.open(url)) {
            faults.isSilent = true;
            assertThat(StoreClient.failureOf(store.append(appendOf("a", 0, "w", "one"))))
                    .isInstanceOf(NotServing.class);
        }
    }

    /** As a proxy or a later protocol may send it: the driver takes it for a success. */
    @Test
    void an_answer_that_does_not_say_whether_the_condition_held_is_none() {
        var faults = new Faults(Fate.SAYS_NOTHING);
        try (var store = faults.open(url)) {
            assertThat(get(store.append(appendOf("a", 0, "w", "one")))).isEqualTo(new Appended(1));
            assertThat(new StoreClient(store).records("a")).containsExactly("one");
        }
    }

    @Test
    void an_event_that_has_not_reached_a_quorum_is_looked_for_where_it_was_agreed_on() {
        var faults = new Faults(Fate.CARRIED_OUT);
        try (var store = faults.open(url)) {
            var client = new StoreClient(store);
            client.append("a", 0, "w", "one", "two", "three");
            faults.quorumSeesUpTo = 1;
            assertThat(client.records("a")).containsExactly("one", "two", "three");
            assertThat(faults.shortened).as("reads at quorum").isPositive();
        }
    }

    private String keyspace() {
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static Throwable failureWithin(Duration limit, CompletableFuture<?> answer) {
        await().atMost(limit).until(answer::isDone);
        return StoreClient.failureOf(answer);
    }

    private enum Fate {
        SAYS_NOTHING,
        CARRIED_OUT,
        LOST,
        LATE
    }

    /** Takes away the answer of every first attempt of an append. */
    private static final class Faults {
        volatile Fate next;
        volatile boolean isSilent;
        volatile Runnable whenLost = () -> {};
        volatile Runnable whenCarriedOut = () -> {};
        volatile long quorumSeesUpTo = Long.MAX_VALUE;
        volatile int shortened;
        volatile int sealsLost;
        private boolean isSecond;

        Faults(Fate next) {
            this.next = next;
        }

        EventStore open(String url, String... changes) {
            var config = OneNode.config(url, changes);
            return CassandraStore.open(OneNode.settings(url), CassandraSettings.from(config), this::session);
        }

        private CqlSession session(CqlSession real) {
            return (CqlSession) Proxy.newProxyInstance(
                    CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (self, method, arguments) -> {
                        if (method.getName().equals("executeAsync") && arguments[0] instanceof Statement<?> statement)
                            return execute(statement, real::executeAsync);
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException failure) {
                            throw failure.getCause();
                        }
                    });
        }

        private synchronized CompletionStage<AsyncResultSet> execute(
                Statement<?> statement, Function<Statement<?>, CompletionStage<AsyncResultSet>> real) {
            var silence = CompletableFuture.<AsyncResultSet>failedFuture(new DriverTimeoutException("no answer"));
            if (isSilent) return silence;
            if (statement instanceof BoundStatement read && readsEventsAtQuorum(read)) return real.apply(behind(read));
            if (sealsLost > 0 && statement instanceof BoundStatement seal && seals(seal)) {
                sealsLost--;
                return silence;
            }
            if (!(statement instanceof BatchStatement)) return real.apply(statement);
            isSecond = !isSecond;
            if (!isSecond) return real.apply(statement);
            return switch (next) {
                case CARRIED_OUT ->
                    real.apply(statement).thenRunAsync(whenCarriedOut).thenCompose(lost -> silence);
                case LATE -> {
                    CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS).execute(() -> {
                        var unused = real.apply(statement);
                    });
                    yield silence;
                }
                case LOST -> CompletableFuture.runAsync(whenLost).thenCompose(done -> silence);
                case SAYS_NOTHING ->
                    real.apply(SimpleStatement.newInstance("SELECT release_version FROM system.local"));
            };
        }

        private static boolean seals(BoundStatement statement) {
            return statement.getPreparedStatement().getQuery().contains("SET sealed = true");
        }

        private static boolean readsEventsAtQuorum(BoundStatement statement) {
            return statement.getPreparedStatement().getQuery().contains("kind = 0 AND number >= ?")
                    && ConsistencyLevel.LOCAL_QUORUM.equals(statement.getConsistencyLevel());
        }

        /** The same read of replicas that have not got the newest events yet. */
        private BoundStatement behind(BoundStatement read) {
            if (read.getLong(3) <= quorumSeesUpTo) return read;
            shortened++;
            return read.setLong(3, quorumSeesUpTo);
        }
    }
}
